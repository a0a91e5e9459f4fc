import manifest from '../package.json' with { type: 'json' }

/** Of this package, and so of Sonde; the default User-Agent names it. */
export const version: string = manifest.version

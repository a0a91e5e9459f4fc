/** Where people find this Sonde, without a slash at the end: SONDE_PUBLIC_URL, or the address that the API listens on. */
export function publicUrlOf(settings: {
  SONDE_PUBLIC_URL?: string | undefined
  SONDE_HOST: string
  SONDE_PORT: number
  SONDE_TLS_CERT_FILE?: string | undefined
}): string {
  const host = settings.SONDE_HOST.includes(':') ? `[${settings.SONDE_HOST}]` : settings.SONDE_HOST
  const scheme = settings.SONDE_TLS_CERT_FILE === undefined ? 'http' : 'https'
  return (settings.SONDE_PUBLIC_URL ?? `${scheme}://${host}:${settings.SONDE_PORT}`).replace(/\/$/, '')
}

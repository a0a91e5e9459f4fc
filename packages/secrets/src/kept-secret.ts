import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

// Anything shorter is a file that somebody emptied or cut.
const shortest = 16

/** The secret in the file (mode 0600), made by `make` when there is no file. Throws one line when it can be neither read nor made. */
export function keptSecret(path: string, make: () => string): string {
  try {
    return readKeptSecret(path) ?? makeKeptSecret(path, make())
  } catch (error) {
    throw new Error(`SONDE_DATA_DIR: no secret at ${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** The secret in the file, or undefined when there is no such file. Throws when it is not readable or holds none. */
export function readKeptSecret(path: string): string | undefined {
  try {
    const secret = readFileSync(path, 'utf8').trim()
    if (secret.length < shortest) throw new Error('the file holds none; delete it to have one made')
    return secret
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function makeKeptSecret(path: string, secret: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${secret}\n`, { mode: 0o600 })
  try {
    // A link fails where a rename would overwrite: of two that start at once, one secret holds.
    linkSync(draft, path)
    return secret
  } catch (error) {
    const existing = readKeptSecret(path)
    if (existing === undefined) throw error
    return existing
  } finally {
    unlinkSync(draft)
  }
}

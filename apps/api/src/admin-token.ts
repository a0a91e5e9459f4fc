import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const adminTokenPath = (dataDir: string) => join(dataDir, 'admin-token')

/** The token in `<dataDir>/admin-token` (mode 0600); it is made when there is none. Throws one line when it cannot be. */
export function adminToken(dataDir: string): string {
  const path = adminTokenPath(dataDir)
  try {
    return readAdminToken(path) ?? makeAdminToken(dataDir, path)
  } catch (error) {
    throw new Error(
      `SONDE_DATA_DIR: no admin token at ${path}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}

/** The token in the file, or undefined when there is no such file. Throws when it is not readable or holds none. */
export function readAdminToken(path: string): string | undefined {
  try {
    const token = readFileSync(path, 'utf8').trim()
    if (token.length < 16) throw new Error('the file holds no token; delete it to have one made')
    return token
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function makeAdminToken(dataDir: string, path: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const token = `sonde_${randomBytes(24).toString('base64url')}`
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${token}\n`, { mode: 0o600 })
  try {
    // A link fails where a rename would overwrite: of two that start at once, one token holds.
    linkSync(draft, path)
    return token
  } catch (error) {
    const existing = readAdminToken(path)
    if (existing === undefined) throw error
    return existing
  } finally {
    unlinkSync(draft)
  }
}

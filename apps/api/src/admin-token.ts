import { join } from 'node:path'
import { keptSecret, makeToken } from '@sonde/secrets'

export const adminTokenPath = (dataDir: string) => join(dataDir, 'admin-token')

/**
 * The token in `<dataDir>/admin-token` (mode 0600); it is made when there is none, in the form of all tokens, so that scanners for leaked
 * secrets find it. Throws one line when it cannot be.
 */
export function adminToken(dataDir: string): string {
  return keptSecret(adminTokenPath(dataDir), () => makeToken().text)
}

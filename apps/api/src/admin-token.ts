import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { keptSecret } from '@sonde/secrets'

export const adminTokenPath = (dataDir: string) => join(dataDir, 'admin-token')

/** The token in `<dataDir>/admin-token` (mode 0600); it is made when there is none. Throws one line when it cannot be. */
export function adminToken(dataDir: string): string {
  return keptSecret(adminTokenPath(dataDir), () => `sonde_${randomBytes(24).toString('base64url')}`)
}

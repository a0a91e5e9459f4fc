import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canEnter, systemHome, unprivilegedAccount } from './account.ts'
import { EmbeddedPostgresError, errnoOf } from './error.ts'
import type { Account } from './run.ts'

/** Where the cluster of a data directory lies and whom it belongs to. */
export type Location = { home: string; cluster: string; account: Account; outside: boolean }

/** Names the home under /var/lib/sonde, relative to nothing, so that the data directory may be moved. */
const pointerName = 'postgres.location'

/**
 * Finds the cluster of a data directory, or decides where a new one goes: inside it, unless we are root and the
 * unprivileged user cannot enter it (root's own home is closed), then under /var/lib/sonde with a pointer left behind.
 */
export async function locate(dataDir: string, log: (line: string) => void): Promise<Location> {
  const pointed = await readPointer(dataDir)
  if (pointed !== null) return await locateOutside(dataDir, pointed, log)
  const inside = { home: dataDir, cluster: join(dataDir, 'postgres'), outside: false }
  const owner = await ownerOf(inside.cluster)
  if (process.getuid?.() !== 0) return { ...inside, account: null }

  if (owner !== null && owner.uid !== 0) {
    const account = { name: `with the number ${owner.uid}`, ...owner }
    if (await canEnter(account, inside.cluster)) return { ...inside, account }
    throw new EmbeddedPostgresError(
      `${inside.cluster} belongs to the user ${account.name}, who cannot enter it: open the folders above it (chmod o+x) or choose another SONDE_DATA_DIR`,
    )
  }
  const account = await unprivilegedAccount(log)
  if (await canEnter(account, dataDir)) {
    // Restored by root, say from a backup: PostgreSQL insists on owning its files.
    if (owner !== null && account !== null) await chownTree(inside.cluster, account)
    return { ...inside, account }
  }
  if (owner !== null) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root and the user ${account?.name} cannot enter ${inside.cluster}: choose a SONDE_DATA_DIR outside root's home`,
    )
  }
  return await placeOutside(dataDir, account)
}

async function locateOutside(dataDir: string, home: string, log: (line: string) => void): Promise<Location> {
  const cluster = join(home, 'postgres')
  if (!(await stat(home).catch(() => null))) {
    throw new EmbeddedPostgresError(
      `${join(dataDir, pointerName)} says the database lies in ${home}, which is not there: restore it, or remove that file to begin with an empty one`,
    )
  }
  if (process.getuid?.() !== 0) {
    throw new EmbeddedPostgresError(
      `${join(dataDir, pointerName)} says the database lies in ${home}, made by root: start Sonde as root, or choose another SONDE_DATA_DIR`,
    )
  }
  const owner = await ownerOf(cluster)
  if (owner === null) return { home, cluster, outside: true, account: await unprivilegedAccount(log) }
  if (owner.uid !== 0) {
    return { home, cluster, outside: true, account: { name: `with the number ${owner.uid}`, ...owner } }
  }
  const account = await unprivilegedAccount(log)
  if (account !== null) await chownTree(cluster, account)
  return { home, cluster, outside: true, account }
}

async function placeOutside(dataDir: string, account: Account): Promise<Location> {
  const home = join(systemHome, randomBytes(6).toString('hex'))
  await mkdir(home, { recursive: true, mode: 0o755 })
  await writeFile(join(home, 'belongs-to'), `${dataDir}\n`)
  const pointer = join(dataDir, pointerName)
  await writeFile(`${pointer}.new`, `${home}\n`)
  await rename(`${pointer}.new`, pointer)
  return { home, cluster: join(home, 'postgres'), account, outside: true }
}

async function readPointer(dataDir: string): Promise<string | null> {
  try {
    return (await readFile(join(dataDir, pointerName), 'utf8')).trim() || null
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const { uid, gid } = await stat(path)
    return { uid, gid }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}

async function chownTree(path: string, account: NonNullable<Account>): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), account.uid, account.gid)
  }
  await chown(path, account.uid, account.gid)
}

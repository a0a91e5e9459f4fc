import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { EmbeddedPostgresError, errnoOf } from './error.ts'
import type { Location } from './location.ts'
import { type Account, type Finished, run } from './run.ts'

/** The role and the database, both under one name. */
export const databaseName = 'sonde'

/**
 * Refuses a cluster that these programs cannot read. Nothing is touched.
 *
 * @returns whether there is a cluster
 */
export async function checkVersion(cluster: string, binaries: Binaries): Promise<boolean> {
  const found = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  })
  if (found === null) {
    const files = await readdir(cluster).catch(() => [])
    if (files.length === 0) return false
    throw new EmbeddedPostgresError(
      `${cluster} is not a PostgreSQL data directory (it has no PG_VERSION): move it away, or choose another SONDE_DATA_DIR`,
    )
  }
  if (found.trim() === binaries.major) return true
  throw new EmbeddedPostgresError(
    `${cluster} was made by PostgreSQL ${found.trim()}, this Sonde runs ${binaries.major}: move its data with the pg_dump of ${found.trim()} and an empty SONDE_DATA_DIR, or set DATABASE_URL to a PostgreSQL ${found.trim()} server`,
  )
}

/**
 * Makes the cluster with its role and database in a folder beside it and moves it into place when it is whole, so that
 * an interrupted start leaves nothing half done.
 */
export async function createCluster(
  { home, cluster, account }: Location,
  binaries: Binaries,
  password: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith('postgres.new-')) await rm(join(home, name), { recursive: true, force: true })
  }
  const staging = await mkdtemp(join(home, 'postgres.new-'))
  try {
    const passwordFile = join(staging, 'password')
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (account !== null) {
      for (const path of [passwordFile, staging]) await chown(path, account.uid, account.gid)
    }
    const data = join(staging, 'data')
    // The builtin provider sorts by code point everywhere alike: no change of libc or ICU can damage an index.
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    const auth = [`--username=${databaseName}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
    const made = await run(binaries.initdb, ['-D', data, ...locale, ...auth], { as: account, signal })
    if (made.code !== 0) throw failure(cluster, made)
    await single(binaries, data, account, `create database ${databaseName}`, signal)
    await rm(cluster, { recursive: true, force: true }) // Empty: checkVersion saw it.
    await rename(data, cluster)
    await syncFolder(home)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** The password of the role, made once and kept with mode 0600 in the data directory. */
export async function readPassword(dataDir: string): Promise<{ password: string; fresh: boolean }> {
  const path = join(dataDir, 'postgres.password')
  const kept = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return ''
    throw error
  })
  if (kept.trim() !== '') return { password: kept.trim(), fresh: false }
  const password = randomBytes(24).toString('base64url')
  await writeFile(`${path}.new`, `${password}\n`, { mode: 0o600 })
  await chmod(`${path}.new`, 0o600)
  await rename(`${path}.new`, path)
  await syncFolder(dirname(path))
  return { password, fresh: true }
}

/** Gives the role a new password while no server runs, for a data directory that lost its password file. */
export async function resetPassword(
  { cluster, account }: Location,
  binaries: Binaries,
  password: string,
): Promise<void> {
  await single(binaries, cluster, account, `alter role ${databaseName} password '${password}'`)
}

async function single(
  binaries: Binaries,
  cluster: string,
  account: Account,
  sql: string,
  signal?: AbortSignal,
): Promise<void> {
  const args = ['--single', '-D', cluster, '-c', 'exit_on_error=true', '-c', 'jit=off', 'postgres']
  const done = await run(binaries.postgres, args, { as: account, input: `${sql}\n`, signal })
  if (done.code !== 0) throw failure(cluster, done)
}

function failure(cluster: string, { code, output }: Finished): EmbeddedPostgresError {
  const lines = output.trim().split('\n')
  const told = lines.findLast((line) => /error:|ERROR:|FATAL:|PANIC:/.test(line)) ?? lines.at(-1)
  return new EmbeddedPostgresError(`cannot prepare the database in ${cluster}: ${told || `exit code ${code}`}`)
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

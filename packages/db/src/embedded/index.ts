import { rmSync } from 'node:fs'
import { mkdir, realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { systemHome } from './account.ts'
import { type Binaries, binariesFor, findBinaries } from './binaries.ts'
import { checkVersion, createCluster, databaseName, readPassword, resetPassword } from './cluster.ts'
import { EmbeddedPostgresError, errnoOf } from './error.ts'
import { type Location, locate } from './location.ts'
import { acquireLock, type Lock } from './lock.ts'
import { openLogFile } from './log-file.ts'
import { postmasterPid } from './processes.ts'
import { type Server, startServer, stopLeftovers } from './server.ts'

export { EmbeddedPostgresError } from './error.ts'
export { keeperScript } from './keeper.ts'
export { freePort } from './port.ts'

export type EmbeddedPostgresOptions = {
  /** Made when it is missing. Holds the cluster (or a pointer to it), its password, its log and a lock. */
  dataDir: string
  /** Told in one line what takes time or was repaired. */
  log: (line: string) => void
  /** Gives up a start under way; a server that runs is ended by `stop`. */
  signal?: AbortSignal
  /** PostgreSQL settings beside ours, for tests. */
  settings?: Record<string, string>
}

export type EmbeddedPostgres = {
  url: string
  /** One line where the database lies, when that is not in the data directory. */
  notice: string | null
  /** The folder of the cluster. */
  cluster: string
  /** Resolves when PostgreSQL no longer runs: with null after `stop`, else with the reason. */
  exited: Promise<Error | null>
  /** Ends PostgreSQL in order and gives the data directory free; may be called again. */
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL that npm installed on a data directory of ours and returns when it takes connections on
 * 127.0.0.1. It ends with this process, however that ends. What cannot be started throws an EmbeddedPostgresError.
 *
 * 1. The data directory is made and locked; a cluster of another major version is refused before anything is touched.
 * 2. The cluster is found, or its place decided; as root it belongs to an unprivileged user.
 * 3. What a killed run left is stopped; a first start makes the cluster.
 * 4. PostgreSQL starts on a free port under a keeper that ends it when our end of a pipe closes.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const locks: Lock[] = []
  try {
    const binaries = await findBinaries()
    await checkVersion(join(dataDir, 'postgres'), binaries)
    await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
    const what = `the data directory ${dataDir}`
    locks.push(acquireLock(join(dataDir, 'postgres.lock'), what))
    const location = await locate(await realpath(dataDir), options.log)
    // A copied data directory points to the same cluster, so that is locked too.
    if (location.outside)
      locks.push(acquireLock(join(location.home, 'lock'), `${location.home}, the database of ${what},`))
    const logPath = join(dataDir, 'postgres.log')
    const server = await start(dataDir, location, await binariesFor(location.account, binaries), logPath, options)
    const { password } = await readPassword(dataDir)
    return {
      url: `postgres://${databaseName}:${password}@127.0.0.1:${server.port}/${databaseName}`,
      notice: location.outside ? `the database lies in ${location.cluster}: PostgreSQL does not run as root` : null,
      cluster: location.cluster,
      ...supervise(server, locks, logPath),
    }
  } catch (error) {
    for (const lock of locks.reverse()) lock.release()
    throw explain(error, dataDir)
  }
}

/** Deletes a data directory with its cluster, wherever that lies. The server must be stopped. */
export async function removeEmbeddedPostgres({
  dataDir,
  cluster,
}: {
  dataDir: string
  cluster: string
}): Promise<void> {
  if (cluster.startsWith(`${systemHome}/`)) rmSync(dirname(cluster), { recursive: true, force: true })
  rmSync(dataDir, { recursive: true, force: true })
}

async function start(
  dataDir: string,
  location: Location,
  binaries: Binaries,
  logPath: string,
  { log, signal, settings = {} }: EmbeddedPostgresOptions,
): Promise<Server> {
  const exists = await checkVersion(location.cluster, binaries)
  const { password, fresh } = await readPassword(dataDir)
  if (!exists) {
    log(`creating the database in ${location.cluster}, once`)
    await createCluster(location, binaries, password, signal)
  } else {
    if ((await stopLeftovers(location.cluster)) > 0) log('stopped the PostgreSQL that a killed run had left')
    clearForeignPid(location.cluster)
    if (fresh) await resetPassword(location, binaries, password)
  }
  return await startServer(location, binaries, { settings, writeLog: openLogFile(logPath), logPath, log, signal })
}

function supervise(server: Server, locks: Lock[], logPath: string): Pick<EmbeddedPostgres, 'exited' | 'stop'> {
  let stopped: Promise<void> | null = null
  const exited = server.exited.then((code) =>
    stopped === null
      ? new EmbeddedPostgresError(`PostgreSQL ended by itself (exit code ${code}): see ${logPath}`)
      : null,
  )
  const stop = async () => {
    await server.stop()
    for (const lock of locks.toReversed()) lock.release()
  }
  return { exited, stop: () => (stopped ??= stop()) }
}

/** Turns a system error about the data directory into one line that names the variable. */
function explain(error: unknown, dataDir: string): unknown {
  const code = errnoOf(error)
  const reasons: Record<string, string> = {
    EACCES: 'it may not be written by this user',
    EPERM: 'it may not be changed by this user',
    EROFS: 'its file system is read-only',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'it is a file',
    ENOSPC: 'its file system is full',
    EDQUOT: 'the disk quota is used up',
  }
  const reason = code === null ? undefined : reasons[code]
  if (reason === undefined || !(error instanceof Error)) return error
  const path = 'path' in error && typeof error.path === 'string' ? error.path : dataDir
  const place = path === dataDir ? '' : ` (${code} at ${path})`
  return new EmbeddedPostgresError(`SONDE_DATA_DIR ${dataDir} cannot be used: ${reason}${place}`, { cause: error })
}

/**
 * PostgreSQL takes over a stale postmaster.pid by itself, except when its number now belongs to some other program of
 * the same user. No PostgreSQL process uses the cluster here, so a number that is alive is such a program's.
 */
function clearForeignPid(cluster: string): void {
  const pid = postmasterPid(cluster)
  if (pid !== null && isAlive(pid)) rmSync(join(cluster, 'postmaster.pid'), { force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) === 'EPERM'
  }
}

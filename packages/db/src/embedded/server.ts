import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { EmbeddedPostgresError, errnoOf } from './error.ts'
import { keeperScript, keeperStopMs } from './keeper.ts'
import type { Location } from './location.ts'
import { freePort } from './port.ts'
import { postgresProcessesIn } from './processes.ts'
import { spawnOptions } from './run.ts'

export type Server = { port: number; exited: Promise<number | null>; stop(): Promise<void> }

type Keeper = ChildProcessByStdio<Writable, null, Readable>

/** For a small machine that PostgreSQL shares with everything else; what keeps data safe stays at its default, on. */
const baseSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  // Nearly all that it reads lies in the system's cache: to have its I/O workers fetch it, a block at a time, takes twice as long as to copy it.
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** Starts PostgreSQL under its keeper on a free port and returns when it takes connections. */
export async function startServer(
  location: Location,
  binaries: Binaries,
  options: {
    settings: Record<string, string>
    writeLog: (chunk: Buffer) => void
    logPath: string
    log: (line: string) => void
    signal: AbortSignal | undefined
  },
): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const settings = { ...baseSettings, ...options.settings, port: String(port) }
    const keeper = spawnKeeper(location, binaries, settings)
    const exited = exitOf(keeper)
    const stop = () => stopKeeper(keeper, exited, location.cluster)
    keeper.stderr.on('data', options.writeLog)
    try {
      const refusal = await untilReady(keeper, exited, options)
      if (refusal === null) return { port, exited, stop }
      await exited
      // Another program may have taken the port since; a killed postmaster's children may need a moment to notice.
      if (attempt === 5 || !/could not (bind|create any)|still in use/.test(refusal)) {
        throw new EmbeddedPostgresError(`PostgreSQL did not start: ${lastComplaint(refusal)} (${options.logPath})`)
      }
      await sleep(attempt * 200)
    } catch (error) {
      await stop()
      throw error
    }
  }
}

/** Stops what a killed Sonde left running in a cluster: the postmaster politely, then whoever remains. */
export async function stopLeftovers(cluster: string): Promise<number> {
  const found = postgresProcessesIn(cluster)
  const [first, ...others] = found
  if (first === undefined) return 0
  kill(first, 'SIGINT')
  if (await goneWithin(cluster, 15_000)) return found.length
  for (const pid of [first, ...others]) kill(pid, 'SIGQUIT')
  if (await goneWithin(cluster, 5_000)) return found.length
  for (const pid of postgresProcessesIn(cluster)) kill(pid, 'SIGKILL')
  if (await goneWithin(cluster, 5_000)) return found.length
  throw new EmbeddedPostgresError(`process ${first} of a previous run still uses ${cluster} and cannot be stopped`)
}

function spawnKeeper(location: Location, binaries: Binaries, settings: Record<string, string>): Keeper {
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return spawn('/bin/sh', ['-c', keeperScript, 'sonde-keeper', binaries.postgres, '-D', location.cluster, ...args], {
    ...spawnOptions(location.account),
    stdio: ['pipe', 'ignore', 'pipe'],
  })
}

function exitOf(keeper: Keeper): Promise<number | null> {
  keeper.stdin.on('error', () => {}) // The keeper may have ended first.
  return new Promise((resolve) => {
    keeper.once('error', () => resolve(null))
    keeper.once('exit', (code) => resolve(code))
  })
}

/** Resolves with null once connections are taken, or with what was printed when PostgreSQL ended before that. */
async function untilReady(
  keeper: Keeper,
  exited: Promise<number | null>,
  { log, signal }: { log: (line: string) => void; signal: AbortSignal | undefined },
): Promise<string | null> {
  signal?.throwIfAborted()
  let printed = ''
  const done = Promise.withResolvers<string | null>()
  const read = (chunk: Buffer) => {
    printed = (printed + chunk.toString('utf8')).slice(-16_384)
    if (printed.includes('database system is ready to accept connections')) done.resolve(null)
  }
  const abort = () => done.reject(signal?.reason)
  const slow = setTimeout(
    () => log('PostgreSQL is still starting (after an unclean stop it repairs itself first)'),
    5_000,
  )
  keeper.stderr.on('data', read)
  keeper.once('error', (error) => done.resolve(`FATAL: ${error.message}`))
  signal?.addEventListener('abort', abort, { once: true })
  // The last words may arrive a moment after the end.
  void exited.then(() => setTimeout(() => done.resolve(printed), 50))
  try {
    return await done.promise
  } finally {
    clearTimeout(slow)
    keeper.stderr.off('data', read)
    signal?.removeEventListener('abort', abort)
  }
}

async function stopKeeper(keeper: Keeper, exited: Promise<number | null>, cluster: string): Promise<void> {
  keeper.stdin.end()
  const limit = new AbortController()
  await Promise.race([exited, sleep(keeperStopMs, undefined, { signal: limit.signal }).catch(() => {})])
  limit.abort()
  // Nothing is left unless the keeper itself was killed.
  await stopLeftovers(cluster)
}

function lastComplaint(printed: string): string {
  const lines = printed.trim().split('\n')
  const told = lines.find((line) => /FATAL:|PANIC:/.test(line)) ?? lines.at(-1) ?? ''
  return told.replace(/^.*?(FATAL|PANIC): +/, '') || 'it ended without a word'
}

async function goneWithin(cluster: string, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs
  while (performance.now() < end) {
    if (postgresProcessesIn(cluster).length === 0) return true
    await sleep(50)
  }
  return false
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error
  }
}

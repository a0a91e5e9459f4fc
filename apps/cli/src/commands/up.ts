import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { adminToken, adminTokenPath, apiConfig, startApi } from '@sonde/api'
import { createLogger, loadSettings, publicUrlOf, variables } from '@sonde/config'
import { type ConfigFile, DomainError, RegionName } from '@sonde/core'
import { actAs, applyConfig, type Database, ensureRegions, openDatabase } from '@sonde/db'
import { startEmbeddedPostgres } from '@sonde/db/embedded'
import { ingesterConfig, startIngester } from '@sonde/ingester'
import { createRegistry } from '@sonde/metrics'
import { notifierConfig, startNotifier } from '@sonde/notifier'
import { schedulerConfig, startScheduler } from '@sonde/scheduler'
import { keptSecret, newSecretKey, type SecretKey, sealChannel, sealCheck, secretKey } from '@sonde/secrets'
import { workerConfig } from '@sonde/worker/config'
import { loadConfig } from '../config/load.ts'
import { doneLine } from '../config/plan-lines.ts'
import { exit, type Io, UsageError } from '../io.ts'
import { endOfNpm } from '../up/ancestors.ts'
import { banner } from '../up/banner.ts'
import { type Closer, closeAll } from '../up/close-all.ts'
import { untilWorkersLive } from '../up/first-workers.ts'
import { resultLines } from '../up/result-line.ts'
import { startWorkers } from '../up/workers.ts'
import { readArguments } from './arguments.ts'
import { migrateAll } from './migrate.ts'
import { withTrustProxy } from './roles.ts'

// The longest timeout that a check may have is 10 minutes; at a terminal nobody waits for that.
const drainMs = 15_000

// For a part that waits for a database or a queue that has gone: what it has in hand is theirs still.
const closeMs = 5000

// PostgreSQL writes what it has in memory before it ends.
const databaseStopMs = 60_000

/**
 * Everything on this machine, until it is told to stop:
 *
 * 1. Read the settings and the file: what is wrong is told before anything is started.
 * 2. The embedded PostgreSQL, unless DATABASE_URL names another; migrate; make the regions.
 * 3. Notifier, ingester, scheduler and API in this process, a worker process a region; apply the file.
 * 4. A line a result, until a signal; then stop in the order of the flow, so that what was found is still written.
 */
export async function upCommand(args: string[], io: Io): Promise<number> {
  const { values } = readArguments({
    args,
    options: {
      config: { type: 'string' },
      regions: { type: 'string', default: 'local' },
      'trust-proxy': { type: 'string' },
    },
  })
  const regions = readRegions(values.regions)
  const settings = loadSettings(
    {
      DATABASE_URL: variables.DATABASE_URL.optional(),
      REDIS_URL: variables.REDIS_URL,
      SONDE_HOST: variables.SONDE_HOST,
      SONDE_PORT: variables.SONDE_PORT,
      SONDE_TLS_CERT_FILE: variables.SONDE_TLS_CERT_FILE,
      SONDE_METRICS_PORT: variables.SONDE_METRICS_PORT,
      SONDE_DATA_DIR: variables.SONDE_DATA_DIR,
      SONDE_ADMIN_TOKEN: variables.SONDE_ADMIN_TOKEN,
      SONDE_SECRET_KEY: variables.SONDE_SECRET_KEY,
      // Here the terminal shows results; what the roles log of themselves comes in between only when something is wrong.
      SONDE_LOG_LEVEL: variables.SONDE_LOG_LEVEL.unwrap().default('warn'),
    },
    io.env,
  )
  const url = publicUrlOf(settings)
  const configPath = values.config ?? (existsSync('sonde.yaml') ? 'sonde.yaml' : undefined)
  const file =
    configPath === undefined
      ? undefined
      : loadConfig([configPath], { ...io.env, SONDE_URL: io.env.SONDE_URL ?? url }).config
  await assertPortFree(settings.SONDE_HOST, settings.SONDE_PORT)

  const startedAtMs = Date.now()
  const tell = (line: string) => io.stdout.write(`${line}\n`)
  const stop = AbortSignal.any([io.stop, whenNpmEnds(io)])
  const closers: Closer[] = []
  const opened = (name: string, close: () => Promise<unknown>, patienceMs = closeMs) =>
    closers.push({ name, close, patienceMs })
  try {
    let databaseUrl = settings.DATABASE_URL
    let failed: Promise<Error | null> = new Promise(() => undefined)
    if (databaseUrl === undefined) {
      const postgres = await startEmbeddedPostgres({ dataDir: settings.SONDE_DATA_DIR, log: tell, signal: stop })
      opened('the embedded database', postgres.stop, databaseStopMs)
      if (postgres.notice !== null) tell(postgres.notice)
      databaseUrl = postgres.url
      failed = postgres.exited
    }
    const keyPath = join(settings.SONDE_DATA_DIR, 'secret-key')
    const secrets = settings.SONDE_SECRET_KEY ?? keptSecret(keyPath, newSecretKey)
    const env: NodeJS.ProcessEnv = {
      ...io.env,
      DATABASE_URL: databaseUrl,
      SONDE_SECRET_KEY: secrets,
      SONDE_LOG_LEVEL: settings.SONDE_LOG_LEVEL,
    }
    await migrateAll(databaseUrl, settings.REDIS_URL)
    const database = openDatabase(databaseUrl, { name: 'sonde-up', max: 1, onError: () => undefined })
    opened('the database connection', database.close)
    await ensureRegions(database.db, regions)

    // A worker on Redis knows nothing of the database.
    workerConfig(env, regions[0])
    const workers = startWorkers(
      regions,
      settings.REDIS_URL === undefined ? env : { ...env, DATABASE_URL: undefined },
      tell,
    )
    const log = createLogger('up', settings.SONDE_LOG_LEVEL)
    const registry = createRegistry()
    let workersStopped = false
    const stopWorkers = async () => {
      if (!workersStopped) await workers.stop(drainMs)
      workersStopped = true
    }
    opened('workers', stopWorkers, drainMs + closeMs)
    const notifier = await startNotifier(notifierConfig(env), log, registry)
    opened('the notifier', notifier.close)
    const results: string[] = []
    let show = (line: string): unknown => results.push(line)
    const ingester = await startIngester(ingesterConfig(env), log, registry, (fresh) => {
      for (const line of resultLines(fresh, startedAtMs)) show(line)
    })
    opened('the ingester', ingester.close)
    // Before it, so that what they still find is written.
    opened('workers', stopWorkers, drainMs + closeMs)
    const api = await startApi(apiConfig(withTrustProxy(env, values['trust-proxy']), adminToken), log, registry)
    opened('the API', api.close)
    if (file !== undefined) {
      const apply = () => applyFile(database.db, file, secretKey(secrets))
      for (const line of await actAs({ name: 'sonde up', via: `apply ${configPath}` }, apply))
        tell(`${configPath}: ${line}`)
    }
    const scheduler = await startScheduler(schedulerConfig(env), log, registry)
    opened('the scheduler', scheduler.close)
    await untilWorkersLive(database.db, regions, stop)

    io.stdout.write(
      banner({
        url: api.url,
        tokenPath: settings.SONDE_ADMIN_TOKEN === undefined ? adminTokenPath(settings.SONDE_DATA_DIR) : undefined,
        configPath,
        regions,
        command: existsSync('node_modules/.bin/sonde') ? 'npx sonde' : 'sonde',
      }),
    )
    for (const line of results) tell(line)
    show = tell
    if (!stop.aborted)
      await Promise.race([
        once(stop, 'abort'),
        failed.then((error) => (error === null ? undefined : Promise.reject(error))),
      ])
    // From here on connections break because the other end was told to stop as well.
    log.level = 'error'
    tell('Stopping: letting the probes under way end, and writing what they found. Ctrl-C again to stop at once.')
    return exit.ok
  } finally {
    await closeAll(closers, (line) => io.stderr.write(`sonde up: ${line}\n`))
  }
}

function readRegions(text: string): string[] {
  const regions = [
    ...new Set(
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  ]
  if (regions.length === 0) throw new UsageError('--regions: expected names separated by commas')
  for (const region of regions) {
    const problem = RegionName.safeParse(region).error?.issues[0]?.message
    if (problem !== undefined) throw new UsageError(`--regions: ${problem}`)
  }
  return regions
}

/** Applies the file, and says what that did. What the server has against it is told and stops nothing: what it has is watched on. */
async function applyFile(db: Database, file: ConfigFile, key: SecretKey): Promise<string[]> {
  try {
    const { plan, warnings } = await applyConfig(db, file, {
      prune: false,
      dryRun: false,
      seal: {
        checks: (check, current) => sealCheck(check, key, current),
        channels: (channel, current) => sealChannel(channel, key, current),
      },
    })
    const done = doneLine(plan)
    return [
      ...(done === undefined ? [] : [done]),
      ...warnings.map(({ path, message }) => `warning: ${path}: ${message}`),
    ]
  } catch (error) {
    if (error instanceof DomainError) return [`not applied: ${error.message}`]
    throw error
  }
}

/** Rejects when somebody listens there already: better now than after a database was started. */
async function assertPortFree(host: string, port: number): Promise<void> {
  const server = createServer().listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new Error(`SONDE_PORT: port ${port} on ${host} is taken; choose another or stop what holds it`, {
        cause: error,
      })
    throw new Error(
      `SONDE_HOST, SONDE_PORT: cannot listen on ${host}, port ${port}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
  const closed = once(server, 'close')
  server.close()
  await closed
}

function whenNpmEnds(io: Io): AbortSignal {
  const ended = new AbortController()
  void endOfNpm(io.env, io.stop).then(() => ended.abort())
  return ended.signal
}

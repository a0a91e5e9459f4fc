import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { createLogger, type Logger, loadSettings, recurringWarning, variables } from '@sonde/config'
import { createRegistry, type Readiness, type Registry, startRoleServer } from '@sonde/metrics'
import { exit, type Io } from '../io.ts'

type RunningRole = {
  ready: () => Promise<Readiness>
  /** Answers what was lost by it, for a role that may lose something. */
  close: () => Promise<void | { lost: number }>
}

// Long enough for a transaction in hand to end. What is in hand longer waits for a database or a queue that has gone; it is
// theirs still, and another process does it again.
const closeMs = 10_000

/** Runs one role alone until it is told to stop: with its log, and its own metrics and health unless the API serves them. */
export async function serve(
  role: string,
  io: Io,
  start: (log: Logger, registry: Registry) => Promise<RunningRole>,
  options: { ownServer?: boolean; boundsItself?: boolean } = {},
): Promise<number> {
  const settings = loadSettings(
    {
      SONDE_LOG_LEVEL: variables.SONDE_LOG_LEVEL,
      SONDE_HOST: variables.SONDE_HOST,
      SONDE_METRICS_PORT: variables.SONDE_METRICS_PORT,
      SONDE_METRICS_TOKEN: variables.SONDE_METRICS_TOKEN,
      SONDE_SECRET_KEY: variables.SONDE_SECRET_KEY,
    },
    io.env,
  )
  const log = createLogger(role, settings.SONDE_LOG_LEVEL)
  const registry = createRegistry()
  const app = await start(log, registry)
  try {
    const server =
      (options.ownServer ?? true)
        ? await startRoleServer({
            host: settings.SONDE_HOST,
            port: settings.SONDE_METRICS_PORT,
            // Under `sonde up` several workers share a machine.
            tryNext: io.underUp,
            registry,
            ready: app.ready,
            token: settings.SONDE_METRICS_TOKEN,
            onDenied: recurringWarning(log, 'metrics'),
          })
        : undefined
    if (server !== undefined) log.info({ port: server.port }, 'metrics and health')
    if (!io.stop.aborted) await once(io.stop, 'abort')
    log.info('stopping')
    await server?.close()
  } catch (error) {
    await app.close()
    throw error
  }
  const closing = app.close()
  const tired = new AbortController()
  const tooLong = options.boundsItself
    ? new Promise<'tired'>(() => undefined)
    : delay(closeMs, 'tired' as const, { signal: tired.signal }).catch(() => 'tired' as const)
  const closed = await Promise.race([closing, tooLong])
  tired.abort()
  if (closed === 'tired') {
    log.warn(`not stopped within ${closeMs / 1000} s, as the database or the queue does not answer; ending`)
    return exit.ok
  }
  return closed !== undefined && closed.lost > 0 ? exit.failed : exit.ok
}

import { once } from 'node:events'
import { createLogger, type Logger, loadSettings, variables } from '@sonde/config'
import { createRegistry, type Readiness, type Registry, startRoleServer } from '@sonde/metrics'
import { exit, type Io } from '../io.ts'

type RunningRole = { ready: () => Promise<Readiness>; close: () => Promise<void> }

/** Runs one role alone until it is told to stop: with its log, and its own metrics and health unless the API serves them. */
export async function serve(
  role: string,
  io: Io,
  start: (log: Logger, registry: Registry) => Promise<RunningRole>,
  options: { ownServer: boolean } = { ownServer: true },
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
    const server = options.ownServer
      ? await startRoleServer({
          host: settings.SONDE_HOST,
          port: settings.SONDE_METRICS_PORT,
          // Under `sonde up` several workers share a machine.
          tryNext: io.underUp,
          registry,
          ready: app.ready,
          token: settings.SONDE_METRICS_TOKEN,
        })
      : undefined
    if (server !== undefined) log.info({ port: server.port }, 'metrics and health')
    if (!io.stop.aborted) await once(io.stop, 'abort')
    log.info('stopping')
    await server?.close()
  } finally {
    await app.close()
  }
  return exit.ok
}

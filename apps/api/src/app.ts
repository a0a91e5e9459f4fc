import type { IncomingMessage, ServerResponse } from 'node:http'
import { Server } from 'node:tls'
import type { Egress, Lookup } from '@sonde/channels'
import { type Logger, recurringWarning } from '@sonde/config'
import type { Channel, Check } from '@sonde/core'
import { type Database, openDatabase } from '@sonde/db'
import { fleetMetrics, type Registry } from '@sonde/metrics'
import { egressPolicy, hostLookup } from '@sonde/probes'
import { openQueues, type Queues, queueLocation } from '@sonde/queue'
import { openChannel, type SecretKey, sealChannel, sealCheck, secretKey } from '@sonde/secrets'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController, type RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { keepAudit } from './audit.ts'
import { keepTellingHead } from './audit-head.ts'
import { requireToken, requireTokens } from './auth.ts'
import { boundConnections, boundedOptions, usualBounds } from './bounds.ts'
import { followFiles, readPair } from './certificate-files.ts'
import type { ApiConfig } from './config.ts'
import { Denials } from './denials.ts'
import { doorOptions } from './door.ts'
import { passOverEmptyParameters } from './empty-parameters.ts'
import { problemReplies, sendError } from './errors.ts'
import { fleetReaders } from './fleet.ts'
import { protectAnswers } from './helmet.ts'
import { answerOnce } from './idempotency.ts'
import { takeJson } from './json-body.ts'
import { negotiate } from './negotiation.ts'
import { describeApi } from './openapi.ts'
import { allowOrigins, showPages } from './pages.ts'
import { boundAddresses, limitRates, usualRates } from './rates.ts'
import { keepReach } from './reach.ts'
import { requestIdOf, tellRequestIds } from './request-id.ts'
import { applyRoutes } from './routes/apply.ts'
import { auditRoutes } from './routes/audit.ts'
import { certificateRoutes } from './routes/certificates.ts'
import { channelDeliveryRoutes } from './routes/channel-delivery.ts'
import { channelRoutes } from './routes/channels.ts'
import { checkRoutes } from './routes/checks.ts'
import { configSchemaRoute } from './routes/config-schema.ts'
import { exportRoutes } from './routes/export.ts'
import { healthRoutes } from './routes/health.ts'
import { incidentRoutes } from './routes/incidents.ts'
import { maintenanceRoutes } from './routes/maintenance.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { notificationRoutes } from './routes/notifications.ts'
import { regionRoutes } from './routes/regions.ts'
import { resultRoutes } from './routes/results.ts'
import { runRoutes } from './routes/run.ts'
import { secretRoutes } from './routes/secrets.ts'
import { seriesRoutes } from './routes/series.ts'
import { silenceRoutes } from './routes/silences.ts'
import { sloRoutes } from './routes/slo.ts'
import { standingRoutes } from './routes/standings.ts'
import { statusRoutes } from './routes/status.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { validateByZod } from './validation.ts'

export type ApiInstance = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** What the routes work with. */
export type ApiServices = {
  db: Database
  ping: () => Promise<void>
  queues: Queues
  registry: Registry
  /** Checks are stored and shown with their secrets sealed. */
  seal: (check: Check, current?: Check) => Check
  sealChannel: (channel: Channel, current?: Channel) => Channel
  openChannel: (channel: Channel) => Channel
  secretKey: SecretKey | undefined
  egress: Egress
  lookup: Lookup
  publicUrl: string
}

export { adminToken, adminTokenPath } from './admin-token.ts'
export { type ApiConfig, apiConfig } from './config.ts'

/** The HTTP API. Rejects when the database or the queue does not answer, or the port is taken. */
export async function startApi(config: ApiConfig, log: Logger, registry: Registry) {
  const onError = recurringWarning(log, 'connection')
  const database = openDatabase(config.databaseUrl, { name: 'sonde-api', max: 8, onError })
  const queues = openQueues(queueLocation(config), onError)
  fleetMetrics(registry, fleetReaders(database.db, queues))
  const key = config.secretKey === undefined ? undefined : secretKey(config.secretKey)
  const egress = egressPolicy(config.egress)
  const services: ApiServices = {
    db: database.db,
    ping: database.ping,
    queues,
    registry,
    seal: (check, current) => sealCheck(check, key, current),
    sealChannel: (channel, current) => sealChannel(channel, key, current),
    openChannel: (channel) => openChannel(channel, key),
    secretKey: key,
    egress,
    lookup: hostLookup(egress),
    publicUrl: config.publicUrl,
  }
  const denials = new Denials(database.db, log)
  const app = await build(services, denials, config, log)
  let heads: { close: () => Promise<void> } | undefined
  const close = async () => {
    await app.close()
    await heads?.close()
    await denials.close()
    await queues.close()
    await database.close()
  }
  try {
    await database.ping()
    await database.assertMigrated()
    await queues.assertUsable()
    const url = await listen(app, config)
    heads = keepTellingHead(database.db, log)
    return { url, ready: async () => ({}), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function build(
  services: ApiServices,
  denials: Denials,
  config: ApiConfig,
  log: Logger,
): Promise<FastifyInstance> {
  // Fastify types its instance by the logger it is given; routes are to know it by Fastify's own.
  const loggerInstance: FastifyBaseLogger = log
  const bounds = config.bounds ?? usualBounds
  const { rates, trustProxy, tls } = config.door ?? { rates: usualRates, trustProxy: [], tls: undefined }
  const pair = tls === undefined ? undefined : readPair(tls)
  const app: FastifyInstance = fastify({
    loggerInstance,
    // A line a request is the reverse proxy's business; ours are the faults.
    logController: new LogController({ disableRequestLogging: true }),
    ...doorOptions(boundedOptions(bounds), trustProxy, pair),
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
    genReqId: requestIdOf,
    forceCloseConnections: true,
  })
  boundConnections(app, bounds)
  if (tls !== undefined && pair !== undefined && app.server instanceof Server) {
    const stop = followFiles(app.server, tls, pair, log)
    app.addHook('onClose', async () => stop())
  }
  tellRequestIds(app)
  await protectAnswers(app)
  const limits = await limitRates(app, rates)
  boundAddresses(app, limits)
  takeJson(app)
  validateByZod(app)
  problemReplies(app)
  await allowOrigins(app, config.corsOrigins ?? [])
  await describeApi(app)
  await showPages(app)
  const typed = app.withTypeProvider<ZodTypeProvider>()
  healthRoutes(typed, services)
  configSchemaRoute(typed)
  const { metricsToken, metricsJob: job } = config
  const guard = metricsToken === undefined ? undefined : requireToken(metricsToken, limits, denials)
  metricsRoutes(typed, services, { guard, job })
  await app.register(
    async (scope) => {
      requireTokens(scope, services.db, config.adminToken, limits)
      keepReach(scope, services.db)
      negotiate(scope)
      passOverEmptyParameters(scope)
      keepAudit(scope, services.db, denials)
      answerOnce(scope, services.db)
      const api = scope.withTypeProvider<ZodTypeProvider>()
      checkRoutes(api, services)
      statusRoutes(api, services)
      standingRoutes(api, services)
      resultRoutes(api, services)
      seriesRoutes(api, services)
      runRoutes(api, services)
      regionRoutes(api, services)
      certificateRoutes(api, services)
      sloRoutes(api, services)
      incidentRoutes(api, services)
      channelRoutes(api, services)
      channelDeliveryRoutes(api, services)
      notificationRoutes(api, services)
      maintenanceRoutes(api, services)
      silenceRoutes(api, services)
      applyRoutes(api, services)
      exportRoutes(api, services)
      tokenRoutes(api, services)
      auditRoutes(api, services)
      secretRoutes(api, services)
    },
    { prefix: '/api/v1' },
  )
  return app
}

async function listen(app: FastifyInstance, { host, port }: ApiConfig): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new Error(`SONDE_PORT: port ${port} on ${host} is taken; choose another or stop what holds it`, {
        cause: error,
      })
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new Error(`SONDE_HOST: ${host} is not an address of this machine`, { cause: error })
    if (code === 'EACCES') throw new Error(`SONDE_PORT: this user may not listen on port ${port}`, { cause: error })
    throw error
  }
}

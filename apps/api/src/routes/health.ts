import { readinessOf } from '@sonde/metrics'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'

const Readiness = z.object({ status: z.string(), checks: z.record(z.string(), z.union([z.literal(true), z.string()])) })

/** Alive, and ready: for load balancers and orchestrators, without a token. */
export function healthRoutes(app: ApiInstance, { ping, queues }: ApiServices): void {
  app.get(
    '/healthz',
    { schema: { summary: 'Alive', tags: ['health'], response: { 200: z.object({ status: z.string() }) } } },
    async () => ({ status: 'ok' }),
  )

  app.get(
    '/readyz',
    {
      schema: { summary: 'Database and queue answer', tags: ['health'], response: { 200: Readiness, 503: Readiness } },
    },
    async (_, reply) => {
      const checks = await readinessOf({ database: ping, queue: queues.ping })
      const ready = Object.values(checks).every((answer) => answer === true)
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', checks })
    },
  )
}

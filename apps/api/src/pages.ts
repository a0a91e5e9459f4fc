import cors from '@fastify/cors'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { requestIdHeader } from './request-id.ts'

const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><text x="0" y="29" font-family="sans-serif" font-size="28" fill="#fff">Sonde</text></svg>'

/** Pages for people at /docs: Swagger UI, from its package; `helmet.ts` lets them load nothing from elsewhere. The token that is given there stays in the browser's page. */
export async function showPages(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { url: '/api/v1/openapi.json', deepLinking: true, docExpansion: 'none', validatorUrl: null },
    theme: { title: 'Sonde: the API' },
    logo: { type: 'image/svg+xml', content: logo, href: '/docs' },
  })
}

/** Lets pages of these origins ask with a token, and read the headers that matter. Without any, no page of elsewhere may. */
export async function allowOrigins(app: FastifyInstance, origins: string[]): Promise<void> {
  if (origins.length === 0) return
  await app.register(cors, {
    origin: origins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'if-match', 'if-none-match', 'idempotency-key', requestIdHeader],
    exposedHeaders: ['etag', 'location', 'retry-after', 'idempotency-replayed', requestIdHeader],
    maxAge: 600,
  })
}

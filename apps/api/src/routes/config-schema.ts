import { configJsonSchema } from '@sonde/core'
import type { ApiInstance } from '../app.ts'

/** The JSON Schema of a configuration file, without a token: editors fetch it, and it says nothing of this server. */
export function configSchemaRoute(app: ApiInstance): void {
  const text = JSON.stringify(configJsonSchema())
  app.get('/api/v1/schema.json', { schema: { hide: true } }, async (_, reply) =>
    reply.type('application/schema+json; charset=utf-8').send(text),
  )
}

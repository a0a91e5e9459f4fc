import swagger from '@fastify/swagger'
import { Channel, Check, IncidentDocument, Result } from '@sonde/core'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { completed, type OpenApi } from './openapi-complete.ts'
import { Problem } from './schemas.ts'

// What has a name of its own in the document, and in the clients that are made from it.
for (const [id, schema] of Object.entries({ Check, Channel, IncidentDocument, Result, Problem }))
  if (!z.globalRegistry.has(schema)) z.globalRegistry.add(schema, { id })

const description = `Synthetic monitoring: checks, results, incidents, channels.

Lists answer \`{ items, nextCursor }\`: ask again with \`cursor\` until \`nextCursor\` is null. Documents have an \`ETag\`; \`If-Match\`
keeps one's change from undoing another's. Errors are problem details (RFC 9457) with every field that is wrong. Durations are
written as in a check, \`30s\`; instants as RFC 3339 in UTC.`

/** Describes every route that is registered after it, at /api/v1/openapi.json. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sonde',
        version: '0.1.0',
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description:
              'The admin token, or one of `/api/v1/tokens`. The scopes are `read`, `write`, `run` and `admin`.',
          },
        },
      },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
    // The shapes that Fastify's types give a document are narrower than what is in it.
    transformObject: (input) => completed(jsonSchemaTransformObject(input) as OpenApi) as object,
  })
  let text: string | undefined
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, async (_, reply) => {
    // It is the same until the process ends, and large.
    text ??= JSON.stringify(app.swagger())
    return reply.type('application/json; charset=utf-8').send(text)
  })
}

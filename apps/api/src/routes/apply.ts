import { readConfigFile } from '@sonde/core'
import { applyChecks } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { problems } from '../schemas.ts'

const Query = z.strictObject({ dryRun: z.stringbool().default(false), prune: z.stringbool().default(false) })
const Plan = z.object({
  plan: z.array(
    z.object({
      key: z.string(),
      action: z.enum(['create', 'change', 'delete', 'unchanged']),
      fields: z.array(z.string()),
    }),
  ),
})

/** Configuration as code: makes the checks match a whole document, all of it or nothing. */
export function applyRoutes(app: ApiInstance, { db, seal }: ApiServices): void {
  app.post(
    '/apply',
    {
      schema: {
        summary: 'Make the server match a document',
        tags: ['apply'],
        querystring: Query,
        body: z.looseObject({ checks: z.array(z.looseObject({})), defaults: z.looseObject({}).optional() }),
        response: { 200: Plan, ...problems },
      },
    },
    async ({ query, body }) => ({ plan: await applyChecks(db, readConfigFile(body).checks, { ...query, seal }) }),
  )
}

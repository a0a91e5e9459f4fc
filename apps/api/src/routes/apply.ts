import { ManagerName, readConfigFile, sectionNames } from '@sonde/core'
import { applyConfig } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { problems } from '../schemas.ts'

const Query = z.strictObject({
  dryRun: z.stringbool().default(false).describe('Only says what there is to do'),
  prune: z
    .stringbool()
    .default(false)
    .describe('Deletes what an earlier document of the same manager had and this one has not'),
  takeOver: z.stringbool().default(false).describe('Takes what another manager has'),
  manager: ManagerName.optional().describe("Who manages what the document has; goes before the document's own"),
  hash: z
    .string()
    .max(64)
    .optional()
    .describe('Of a plan that was shown: 409 when there is something else to do by now'),
})

const Change = z.object({
  path: z.string().describe('The field, such as http.method or assertions[0].value'),
  from: z.unknown().optional().describe('Missing where the field comes to be'),
  to: z.unknown().optional().describe('Missing where the field goes'),
  secret: z.literal(true).optional().describe('It is a secret: only that it is another one is told'),
})
const Step = z.object({
  section: z.enum(sectionNames),
  key: z.string(),
  action: z.enum(['create', 'change', 'delete', 'unchanged']),
  fields: z.array(z.string()).describe('The fields at the top of the document that differ'),
  changes: z.array(Change),
  adopts: z.boolean().describe('It was made by hand, and is managed from now on'),
})
const Plan = z.object({
  plan: z.array(Step),
  hash: z.string().describe('Sent back as ?hash=, it makes sure that this plan is what is carried out'),
  warnings: z.array(z.object({ path: z.string(), message: z.string() })),
})

// 10,000 checks with assertions and a body each have some 10 MB.
const bodyLimitBytes = 32 * 1024 * 1024

/** Configuration as code: makes the server match a whole document, all of it or nothing. */
export function applyRoutes(app: ApiInstance, { db, seal, sealChannel }: ApiServices): void {
  app.post(
    '/apply',
    {
      bodyLimit: bodyLimitBytes,
      schema: {
        summary: 'Make the server match a document',
        tags: ['apply'],
        querystring: Query,
        body: z.looseObject({}),
        response: { 200: Plan, ...problems },
      },
    },
    async ({ query, body, holder }) => {
      const { manager, hash, ...options } = query
      const config = readConfigFile(manager === undefined ? body : { ...body, manager })
      return applyConfig(db, config, {
        ...options,
        within: holder.labels,
        expectedHash: hash,
        seal: { checks: seal, channels: sealChannel },
      })
    },
  )
}

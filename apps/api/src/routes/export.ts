import {
  type ConfigObject,
  configDocument,
  defaultManager,
  escapePlaceholders,
  type Managed,
  ManagerName,
  reaches,
  sectionNames,
} from '@sonde/core'
import { readManaged } from '@sonde/db'
import { stringify } from 'yaml'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { accepts } from '../negotiation.ts'
import { problems } from '../schemas.ts'

const Query = z.strictObject({
  format: z.enum(['json', 'yaml']).optional().describe('Goes before the Accept header'),
  manager: ManagerName.optional().describe('Only what this manager has'),
})
const yamlType = 'application/yaml'

/** The document as a file for `sonde apply`. */
export function yamlText(document: unknown): string {
  // Long texts are not folded: who looks for a URL finds it on one line.
  return stringify(escapePlaceholders(document), { lineWidth: 0 })
}

/** What there is, as a document that `apply` takes: applied to the same server, it changes nothing. */
export function exportRoutes(app: ApiInstance, { db }: ApiServices): void {
  app.get(
    '/export',
    {
      config: { produces: ['application/json', yamlType] },
      schema: {
        summary: 'Read everything that apply takes as one document',
        description:
          'As JSON the document is for POST apply. As YAML it is a file for `sonde apply`, in which `${` is written `$${`. Secrets stand there sealed, as only this server can open them.',
        tags: ['apply'],
        querystring: Query,
        response: { 200: z.union([z.looseObject({}), z.string()]), ...problems },
      },
    },
    async ({ query, holder, headers }, reply) => {
      const current = await readManaged(db)
      const shown = sectionNames.map((section) => {
        const isShown = ({ document, managedBy }: Managed<ConfigObject>) =>
          (query.manager === undefined || managedBy === query.manager) && reaches(holder.labels, document)
        return [section, current[section].filter(isShown)] as const
      })
      const manager = query.manager ?? onlyManager(shown.flatMap(([, list]) => list))
      const document = {
        ...(manager === undefined ? {} : { manager }),
        ...configDocument(
          Object.fromEntries(shown.map(([section, list]) => [section, list.map((one) => one.document)])),
        ),
      }
      const accept = headers.accept ?? 'application/json'
      const wantsYaml = accept.includes('yaml') && accepts(accept, yamlType)
      if ((query.format ?? (wantsYaml ? 'yaml' : 'json')) === 'json') return document
      return reply.type(`${yamlType}; charset=utf-8`).send(yamlText(document))
    },
  )
}

/** Who manages all of it, where that is one and the file has to say so: another's file would be refused. */
function onlyManager(objects: readonly Managed<ConfigObject>[]): string | undefined {
  const [first, second] = new Set(objects.map(({ managedBy }) => managedBy))
  return second !== undefined || first === null || first === defaultManager ? undefined : first
}

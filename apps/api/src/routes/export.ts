import { setImmediate as othersFirst } from 'node:timers/promises'
import {
  type ConfigObject,
  defaultManager,
  escapePlaceholders,
  type Managed,
  ManagerName,
  type Mapping,
  reaches,
  type SectionName,
  sectionNames,
  shortDocument,
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
      const lists = shown
        .filter(([section, list]) => list.length > 0 || section === 'checks')
        .map(([section, list]) => ({ section, objects: list.map(({ document }) => document) }))
      const accept = headers.accept ?? 'application/json'
      const wantsYaml = accept.includes('yaml') && accepts(accept, yamlType)
      const format = query.format ?? (wantsYaml ? 'yaml' : 'json')
      return reply
        .type(`${format === 'yaml' ? yamlType : 'application/json'}; charset=utf-8`)
        .send(format === 'yaml' ? await wholeYaml(manager, lists) : await wholeJson(manager, lists))
    },
  )
}

type List = { section: SectionName; objects: readonly ConfigObject[] }

async function wholeJson(manager: string | undefined, lists: readonly List[]): Promise<string> {
  const fields = manager === undefined ? [] : [`"manager":${JSON.stringify(manager)}`]
  for (const { section, objects } of lists) {
    const texts: string[] = []
    for await (const documents of inSlices(section, objects)) texts.push(JSON.stringify(documents).slice(1, -1))
    fields.push(`"${section}":[${texts.join()}]`)
  }
  return `{${fields.join()}}`
}

async function wholeYaml(manager: string | undefined, lists: readonly List[]): Promise<string> {
  const texts = manager === undefined ? [] : [yamlText({ manager })]
  for (const { section, objects } of lists) {
    let isFirst = true
    for await (const documents of inSlices(section, objects)) {
      const text = yamlText({ [section]: documents })
      // What follows is of the same list, whose name stands once.
      texts.push(isFirst ? text : text.slice(text.indexOf('\n') + 1))
      isFirst = false
    }
  }
  return texts.join('')
}

// Some milliseconds' work; 10,000 at once are a second's.
const sliceLength = 50

/** Short documents, slice by slice, at least one: between them the process does what else there is. */
async function* inSlices(section: SectionName, objects: readonly ConfigObject[]): AsyncGenerator<Mapping[]> {
  let from = 0
  do {
    yield objects.slice(from, from + sliceLength).map((object) => shortDocument(section, object))
    await othersFirst()
    from += sliceLength
  } while (from < objects.length)
}

/** Who manages all of it, where that is one and the file has to say so: another's file would be refused. */
function onlyManager(objects: readonly Managed<ConfigObject>[]): string | undefined {
  const [first, second] = new Set(objects.map(({ managedBy }) => managedBy))
  return second !== undefined || first === null || first === defaultManager ? undefined : first
}

import { examples } from './examples/index.ts'
import type { OperationExamples } from './examples/operation.ts'
import { requestIdHeader } from './request-id.ts'

type Media = { schema?: unknown; example?: unknown }
type Header = { description: string; schema: object; example?: unknown }
type Answer = { description: string; content?: Record<string, Media>; headers?: Record<string, Header> }
export type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: object[]
  parameters?: {
    in: string
    name: string
    description?: string
    required?: boolean
    schema?: object
    example?: unknown
  }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, Answer>
}
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const
export type Path = Partial<Record<(typeof methods)[number], Operation>>
export type OpenApi = { paths: Record<string, Path>; tags?: object[]; components: { schemas: Record<string, unknown> } }

const problemRef = '#/components/schemas/Problem'
const under = '/api/v1'

/**
 * The document with what is the same for all operations: names, that problems are `application/problem+json`, the headers of requests
 * and answers, the examples of `examples/`.
 */
export function completed(document: OpenApi): OpenApi {
  const tags = new Set<string>()
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of operationsOf(operations)) {
      operation.operationId ??= operationIdOf(method, path, 'nextCursor' in fieldsOf(operation))
      for (const tag of operation.tags ?? []) tags.add(tag)
      if (!path.startsWith(under)) operation.security = []
      describeAnswers(operation)
      if (path.startsWith(under)) describeHeaders(path, method, operation)
      exemplify(operation, examples[operation.operationId])
    }
  }
  const schemas = usedSchemas(document)
  return {
    ...document,
    components: { ...document.components, schemas },
    tags: [...tags].sort().map((name) => ({ name, description: descriptions[name] ?? name })),
  }
}

/** Those that something leads to: the generator makes one for input and one for output of each. */
function usedSchemas({ paths, components }: OpenApi): Record<string, unknown> {
  const texts = [paths, ...Object.values(components.schemas)].map((part) => JSON.stringify(part))
  return Object.fromEntries(
    Object.entries(components.schemas).filter(([id]) =>
      texts.some((text) => text.includes(`"#/components/schemas/${id}"`)),
    ),
  )
}

const descriptions: Record<string, string> = {
  apply: 'Configuration as code: a whole document at once',
  audit: 'Who changed what',
  certificates: 'Every certificate that was seen',
  channels: 'Where notifications go',
  checks: 'What is watched',
  health: 'For load balancers and orchestrators, without a token',
  incidents: 'Spans of time in which a check breaks its alert policy',
  maintenance: 'When a check may fail',
  regions: 'Where probes run from',
  results: 'What probes found',
  notifications: 'What was said to channels, and what could not be',
  secrets: 'The keys that secrets are sealed with',
  silences: 'Who is not to be told of what, for a while',
  slo: 'Service levels and error budgets',
  tokens: 'Who may ask',
}

export function operationsOf(path: Path): [method: string, operation: Operation][] {
  return methods.flatMap((method) =>
    path[method] === undefined ? [] : [[method, path[method]] as [string, Operation]],
  )
}

/** `GET /api/v1/checks/{key}/results` is `listCheckResults`: made of the path, so it is stable as long as that is. */
export function operationIdOf(method: string, path: string, isList: boolean): string {
  const parts = path
    .replace(under, '')
    .split('/')
    .filter((part) => part !== '')
  const verb = method === 'post' ? 'create' : isList ? 'list' : method
  const words = parts.flatMap((part, index) => {
    if (part.startsWith('{')) return []
    const isOne = parts[index + 1]?.startsWith('{') === true || method === 'post'
    return isOne ? [part.replace(/s$/, '')] : [part]
  })
  return (
    verb +
    words
      .flatMap((word) => word.split(/[^a-zA-Z0-9]/))
      .map(capitalized)
      .join('')
  )
}

/** The fields of what an operation answers when all is well. */
function fieldsOf({ responses }: Operation): object {
  const schema = responses['200']?.content?.['application/json']?.schema
  return typeof schema === 'object' && schema !== null && 'properties' in schema ? (schema.properties as object) : {}
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

const answerNames: Record<string, string> = {
  200: 'Done',
  201: 'Made',
  202: 'Accepted',
  204: 'Done; there is nothing to say',
  304: 'The reader has this state already',
  400: 'A field of the path, the query or the body is wrong',
  401: 'There is no token, or one that is not known',
  403: 'The token may not do this',
  404: 'There is no such thing',
  409: 'It exists already, or is under way',
  412: 'It is not what If-Match or If-None-Match expects',
  422: 'The Idempotency-Key stands for another request',
  429: 'Too many requests',
  502: 'The other side did not take it',
  503: 'The database or the queue does not answer',
}

function describeAnswers(operation: Operation): void {
  const { responses } = operation
  if (isProblem(responses['400'])) responses['default'] = { ...responses['400'], description: 'Any other problem' }
  for (const [status, answer] of Object.entries(responses)) {
    if (status !== 'default') answer.description = answerNames[status] ?? answer.description
    answer.headers = {
      ...answer.headers,
      [requestIdHeader]: { description: 'What the log names the request by', schema: { type: 'string' } },
    }
    if (status === '204' || status === '304') delete answer.content
    const [media] = mediaOf(answer)
    if (media !== undefined && isProblem(answer)) answer.content = { 'application/problem+json': media }
  }
}

function mediaOf(answer: Answer | undefined): Media[] {
  return Object.values(answer?.content ?? {})
}

function isProblem(answer: Answer | undefined): boolean {
  return mediaOf(answer).some(
    ({ schema }) => typeof schema === 'object' && schema !== null && '$ref' in schema && schema.$ref === problemRef,
  )
}

const etag: Header = {
  description: 'Names this state of the document, for If-Match and If-None-Match',
  schema: { type: 'string' },
  example: '"42"',
}

function describeHeaders(path: string, method: string, operation: Operation): void {
  const parameter = (name: string, text: string, example: string) => {
    operation.parameters ??= []
    operation.parameters.push({
      in: 'header',
      name,
      description: text,
      required: false,
      schema: { type: 'string' },
      example,
    })
  }
  if (method === 'post')
    parameter(
      'Idempotency-Key',
      'Done once: who asks again within a day has the same answer',
      '8e03978e-40d5-43dd-bc93-6894a57f9324',
    )
  if (method === 'patch' && operation.requestBody !== undefined) {
    const [media] = Object.values(operation.requestBody.content)
    if (media !== undefined)
      operation.requestBody.content = { 'application/merge-patch+json': media, 'application/json': { ...media } }
  }
  const isRevised = revised.has(path.replace(/\/\{[^}]+\}$/, ''))
  const isItem = path.endsWith('}')
  if (!isRevised) return
  if (isItem && method !== 'get' && method !== 'post')
    parameter('If-Match', 'Only if the document is in this state still; 412 otherwise', '"42"')
  if (isItem && (method === 'get' || method === 'put'))
    parameter(
      'If-None-Match',
      method === 'get' ? '304 if it is in this state still' : '`*`: only if there is none yet',
      method === 'get' ? '"42"' : '*',
    )
  if (!isItem && method !== 'post') return
  for (const status of ['200', '201', '304']) {
    const answer = operation.responses[status]
    if (answer !== undefined && method !== 'delete') answer.headers = { ...answer.headers, etag }
  }
  const made = operation.responses['201']
  if (method === 'post' && made !== undefined)
    made.headers = { ...made.headers, location: { description: 'Where it is', schema: { type: 'string' } } }
}

/** The lists whose documents have an ETag. */
const revised = new Set(
  ['checks', 'channels', 'maintenance', 'silences', 'regions', 'tokens'].map((list) => `${under}/${list}`),
)

function exemplify(operation: Operation, of: OperationExamples | undefined): void {
  if (of === undefined) return
  for (const parameter of operation.parameters ?? []) {
    const example = of.parameters?.[parameter.name]
    if (example !== undefined) parameter.example = example
  }
  for (const media of Object.values(operation.requestBody?.content ?? {})) media.example = of.request
  for (const [status, example] of Object.entries(of.responses ?? {}))
    for (const media of Object.values(operation.responses[status]?.content ?? {})) media.example = example
}

import fc, { type Arbitrary } from 'fast-check'
import { arbitraryOf, hostileJson, type Schema } from './schema-arbitrary.ts'

export type Request = { method: string; path: string; headers: Record<string, string>; body?: string }

type Parameter = { name: string; in: string; required?: boolean; schema: Schema }
type Operation = { parameters?: Parameter[]; requestBody?: { content: Record<string, { schema: Schema }> } }
export type Description = {
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Schema> }
}

// It would go out to wherever the channel says.
const leftOut = new Set(['/api/v1/channels/{key}/test'])

/** Requests to every operation that the document describes, mostly as it describes them; names come up again, so that things are met. */
export function requestsTo(description: Description): Arbitrary<Request> {
  const resolve = (ref: string): Schema => description.components?.schemas?.[ref.split('/').at(-1) ?? ''] ?? {}
  const operations = Object.entries(description.paths)
    .filter(([path]) => path.startsWith('/api/v1/') && !leftOut.has(path))
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, of]) => requestOf(method, path, of, resolve)))
  return fc.oneof(...operations)
}

const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c') },
  { weight: 1, arbitrary: fc.string({ maxLength: 80 }) },
)

const unusualHeaders = fc.record(
  {
    'if-match': fc.constantFrom('*', '"1"', 'W/"2"', 'x'),
    'if-none-match': fc.constantFrom('*', '"1"'),
    'idempotency-key': fc.constantFrom('one', 'two', '"three"', ' '),
    accept: fc.constantFrom('application/json', 'application/yaml', 'text/html', '*/*'),
  },
  { requiredKeys: [] },
)

function requestOf(
  method: string,
  path: string,
  { parameters = [], requestBody }: Operation,
  resolve: (ref: string) => Schema,
): Arbitrary<Request> {
  const inPath = fc.record(
    Object.fromEntries(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, key = '']) => [key, key === 'id' ? fc.oneof(fc.uuid(), name) : name]),
    ),
  )
  const inQuery = fc.record(
    Object.fromEntries(
      parameters.filter((one) => one.in === 'query').map((one) => [one.name, arbitraryOf(one.schema, resolve)]),
    ),
    { requiredKeys: [] },
  )
  const schema = requestBody?.content['application/json']?.schema
  const document = schema === undefined ? undefined : arbitraryOf(schema, resolve).map((value) => withKey(value))
  const body: Arbitrary<string | undefined> =
    document === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          { weight: 20, arbitrary: document.map((value) => JSON.stringify(value)) },
          { weight: 1, arbitrary: hostileJson.map((value) => JSON.stringify(value)) },
          { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
        )
  const headers = fc.oneof({ weight: 8, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: unusualHeaders })
  return fc.record({ path: inPath, query: inQuery, body, headers }).map((parts) => {
    const target = path.replace(/\{(\w+)\}/g, (_, key: string) => encode(parts.path[key]))
    const query = Object.entries(parts.query).flatMap(([key, value]) =>
      [value].flat().map((one) => `${key}=${encode(one)}`),
    )
    return {
      method: method.toUpperCase(),
      path: query.length === 0 ? target : `${target}?${query.join('&')}`,
      headers: { ...parts.headers, ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(parts.body === undefined ? {} : { body: parts.body }),
    }
  })
}

/** Half of the documents that have a key have one that comes up again. */
function withKey(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('key' in value)) return value
  const { key } = value
  return typeof key === 'string' && key.length % 2 === 0 ? { ...value, key: 'abc'.charAt(key.length % 3) } : value
}

function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  // Half of a surrogate pair has no encoding.
  return encodeURIComponent(text.toWellFormed())
}

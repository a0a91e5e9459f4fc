import fc, { type Arbitrary } from 'fast-check'

/** As much of JSON Schema 2020-12 as an OpenAPI document of ours has. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  items?: Schema
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  default?: unknown
}

// Deeper than any document that says something.
const deepest = 6

/** Texts that have broken programs: NUL, half a surrogate pair, what other languages and our database read as something else. */
const hostileText = fc.oneof(
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    '\ufeff',
    "' or 1=1 --",
    '${SONDE_TOKEN}',
    '../../etc/passwd',
    '%00',
    '__proto__',
    'null',
  ),
  fc.constantFrom(
    '9'.repeat(400),
    '-0',
    '1e999',
    'NaN',
    '٣',
    '2026-13-45T99:99:99Z',
    '+275760-09-13T00:00:00.001Z',
    '0001-01-01T00:00:00Z',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.nat({ max: 20_000 }).map((length) => 'x'.repeat(length)),
)

/** Any JSON, and what is JSON only just. */
export const hostileJson: Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, true, 0, -1, 1e308, 2 ** 53, -(2 ** 63), 0.1, [], {}, [[]], {
    __proto__: null,
    constructor: 1,
  }),
  fc.integer({ min: 1, max: 60 }).map((depth) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown),
)

/** Values that a schema takes, most of the time: now and then a part is something else altogether. */
export function arbitraryOf(schema: Schema, resolve: (ref: string) => Schema, depth = 0): Arbitrary<unknown> {
  const valid = validOf(schema, resolve, depth)
  return fc.oneof({ weight: 150, arbitrary: valid }, { weight: 1, arbitrary: hostileJson })
}

function validOf(schema: Schema, resolve: (ref: string) => Schema, depth: number): Arbitrary<unknown> {
  if (schema.$ref !== undefined) return validOf(resolve(schema.$ref), resolve, depth)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map((one) => arbitraryOf(one, resolve, depth)))
  if (schema.allOf !== undefined) return validOf(Object.assign({}, ...schema.allOf) as Schema, resolve, depth)
  if (depth > deepest) return fc.constant(schema.default ?? null)
  const types = [schema.type ?? 'any'].flat()
  return fc.oneof(...types.map((type) => ofType(type, schema, resolve, depth)))
}

function ofType(type: string, schema: Schema, resolve: (ref: string) => Schema, depth: number): Arbitrary<unknown> {
  const { minimum = -1000, maximum = 1_000_000, exclusiveMinimum, exclusiveMaximum } = schema
  const min = Math.max(minimum, exclusiveMinimum === undefined ? -1e9 : exclusiveMinimum)
  const max = Math.max(min, Math.min(maximum, exclusiveMaximum ?? 1e9))
  switch (type) {
    case 'string':
      return text(schema)
    case 'integer':
      return fc.integer({ min: Math.ceil(min), max: Math.floor(max) })
    case 'number':
      return fc.double({ min, max, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, resolve, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3),
      })
    case 'object':
      return mapping(schema, resolve, depth)
    default:
      return hostileJson
  }
}

function mapping(schema: Schema, resolve: (ref: string) => Schema, depth: number): Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, of]) => [name, arbitraryOf(of, resolve, depth + 1)] as const,
  )
  const named = fc.record(Object.fromEntries(fields), { requiredKeys: schema.required ?? [] })
  const { additionalProperties, propertyNames } = schema
  if (typeof additionalProperties !== 'object') return named
  const names = propertyNames === undefined ? fc.string({ maxLength: 10 }) : text(propertyNames)
  const more = fc.dictionary(names, arbitraryOf(additionalProperties, resolve, depth + 1), { maxKeys: 3 })
  return fc.tuple(named, more).map(([one, other]) => ({ ...other, ...one }))
}

function text({ format, pattern, minLength = 0, maxLength = 40 }: Schema): Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time') {
    return fc
      .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString())
  }
  if (format === 'uri' || format === 'url') return fc.webUrl()
  if (format === 'email') return fc.constant('a@x.example')
  if (pattern !== undefined) {
    try {
      return fc.stringMatching(new RegExp(pattern))
    } catch {
      return plain(minLength, maxLength)
    }
  }
  return fc.oneof(
    plain(minLength, maxLength),
    // What many of our texts are, and no schema says.
    fc.constantFrom(
      '30s',
      '5m',
      '1h',
      '30d',
      'example.org',
      'https://example.org/',
      'example.org:443',
      '127.0.0.1',
      'UTC',
      'a:b',
    ),
    fc.constantFrom('2026-01-04T02:00:00', 'FREQ=WEEKLY', 'FREQ=DAILY;BYHOUR=2', '$.a', '200', '2xx', 'x'),
  )
}

function plain(minLength: number, maxLength: number): Arbitrary<string> {
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) })
}

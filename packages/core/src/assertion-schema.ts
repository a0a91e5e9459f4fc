import { z } from 'zod'
import { parseDuration } from './duration.ts'
import { jsonPathProblem } from './json-path.ts'
import { tlsVersions } from './kinds/tls.ts'
import { patternProblem } from './pattern.ts'

/** What an assertion may speak of, with the kinds that can observe it. */
export const assertionSources = {
  status: ['http'],
  header: ['http'],
  body: ['http'],
  'body.json': ['http'],
  'body.size': ['http'],
  redirects: ['http'],
  'http.version': ['http'],
  duration: ['http', 'tls', 'dns', 'tcp', 'icmp'],
  ip: ['http', 'tls', 'dns', 'tcp', 'icmp'],
  'phase.dns': ['http', 'tls', 'dns', 'tcp', 'icmp'],
  'phase.connect': ['http', 'tls', 'dns', 'tcp'],
  'phase.tls': ['http', 'tls', 'dns', 'tcp'],
  'phase.ttfb': ['http', 'dns', 'tcp', 'icmp'],
  'phase.transfer': ['http'],
  'cert.daysLeft': ['http', 'tls', 'tcp'],
  'cert.issuer': ['http', 'tls', 'tcp'],
  'cert.subject': ['http', 'tls', 'tcp'],
  'cert.san': ['http', 'tls', 'tcp'],
  'cert.fingerprint': ['http', 'tls', 'tcp'],
  'tls.version': ['http', 'tls', 'tcp'],
  'tls.cipher': ['http', 'tls', 'tcp'],
  'dns.rcode': ['dns'],
  'dns.answers': ['dns'],
  'dns.ttl': ['dns'],
  'dns.flags': ['dns'],
  'dns.status': ['dns'],
  loss: ['icmp'],
} as const
export type AssertionSource = keyof typeof assertionSources

export const assertionOperators = [
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'contains',
  'notContains',
  'matches',
  'notMatches',
  'exists',
  'notExists',
] as const
export type AssertionOperator = (typeof assertionOperators)[number]

const ordering: readonly AssertionOperator[] = ['lt', 'lte', 'gt', 'gte']
const durationSources: readonly string[] = [
  'duration',
  'phase.dns',
  'phase.connect',
  'phase.tls',
  'phase.ttfb',
  'phase.transfer',
]

const Scalar = z.union([z.string().max(8192), z.number(), z.boolean(), z.null()])

/** A condition on what a probe saw; patterns are RE2 and JSONPath follows RFC 9535, both compiled when the document is read. */
export const Assertion = z
  .strictObject({
    source: z.enum(Object.keys(assertionSources) as [AssertionSource, ...AssertionSource[]]),
    name: z.string().min(1).max(128).optional(),
    path: z.string().min(1).max(1024).optional(),
    op: z.enum(assertionOperators),
    value: z.union([Scalar, z.array(Scalar).max(100)]).optional(),
  })
  .superRefine((assertion, ctx) => {
    const problem = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message })
    const { source, op, value } = assertion
    if ((source === 'header') !== (assertion.name !== undefined)) {
      problem('name', source === 'header' ? 'expected the name of a header' : `only a header has a name, not ${source}`)
    }
    if ((source === 'body.json') !== (assertion.path !== undefined)) {
      problem(
        'path',
        source === 'body.json' ? 'expected a JSONPath (RFC 9535)' : `only body.json has a path, not ${source}`,
      )
    }
    if (assertion.path !== undefined) {
      const reason = jsonPathProblem(assertion.path)
      if (reason !== undefined) problem('path', reason)
    }
    if (op === 'exists' || op === 'notExists') {
      if (value !== undefined) problem('value', `${op} takes no value`)
    } else if (value === undefined) {
      problem('value', `${op} needs a value`)
    } else if (op === 'matches' || op === 'notMatches') {
      const reason = typeof value === 'string' ? patternProblem(value) : 'expected a pattern in RE2 syntax, as a string'
      if (reason !== undefined) problem('value', reason)
    } else if ((op === 'in') !== Array.isArray(value)) {
      problem('value', op === 'in' ? 'in needs a list' : `${op} needs a single value, not a list`)
    } else if (ordering.includes(op) && textSources.includes(source)) {
      problem('op', `${op} compares numbers, and ${source} is none`)
    } else if (ordering.includes(op) && toComparable(source, value) === undefined) {
      problem('value', orderingProblem(source, op))
    } else if (op === 'eq' || op === 'ne' || op === 'in') {
      const reason = [value]
        .flat()
        .map((one) => neverEqual(source, one))
        .find((one) => one !== undefined)
      if (reason !== undefined) problem('value', reason)
    }
  })
export type Assertion = z.output<typeof Assertion>

// What has no order, or none that says anything.
const textSources: readonly string[] = [
  'ip',
  'cert.issuer',
  'cert.subject',
  'cert.san',
  'cert.fingerprint',
  'tls.cipher',
  'dns.rcode',
  'dns.answers',
  'dns.flags',
  'dns.status',
]

function orderingProblem(source: AssertionSource, op: string): string {
  if (source === 'tls.version') return `expected one of ${tlsVersions.join(', ')}`
  return durationSources.includes(source) ? 'expected a duration such as 800ms' : `${op} needs a number`
}

const numberSources: readonly string[] = ['status', 'body.size', 'redirects', 'cert.daysLeft', 'dns.ttl', 'loss']
// Sources that have few values, all of them known.
const vocabularies: Partial<Record<AssertionSource, readonly string[]>> = {
  'tls.version': tlsVersions,
  'http.version': ['1.0', '1.1', '2'],
  'dns.status': ['secure', 'insecure', 'bogus', 'indeterminate'],
}

/** Why what this source has is never equal to the value; undefined when it may be. What was not observed is null. */
function neverEqual(source: AssertionSource, value: string | number | boolean | null | undefined): string | undefined {
  if (value === null || value === undefined) return undefined
  const found = `found ${JSON.stringify(value)}`
  const words = vocabularies[source]
  if (words !== undefined) {
    const isOne = words.some((word) => word === value || (typeof value === 'number' && Number(word) === value))
    return isOne ? undefined : `expected one of ${words.join(', ')}, ${found}`
  }
  if (durationSources.includes(source)) {
    return toComparable(source, value) === undefined ? `expected a duration such as 800ms, ${found}` : undefined
  }
  if (!numberSources.includes(source) || toComparable(source, value) !== undefined) return undefined
  if (source !== 'status') return `expected a number, ${found}`
  return isStatusClass(value) ? undefined : `expected a status such as 200 or a class such as 2xx, ${found}`
}

/** Whether a value stands for all statuses with one first digit, such as "2xx". */
export function isStatusClass(value: unknown): value is string {
  return typeof value === 'string' && /^[1-5]xx$/i.test(value)
}

/** What is wrong with assertions for a check of this kind, as paths below `assertions`. */
export function assertionProblems(
  kind: string,
  assertions: readonly Assertion[],
): { path: (string | number)[]; message: string }[] {
  return assertions.flatMap(({ source }, index) => {
    const kinds: readonly string[] = assertionSources[source]
    return kinds.includes(kind)
      ? []
      : [{ path: [index, 'source'], message: `a check of kind ${kind} has no ${source}; it is of ${kinds.join(', ')}` }]
  })
}

/**
 * The number to compare by, in the unit of the source (durations in ms; versions of TLS by their age), or undefined when it is
 * none.
 */
export function toComparable(source: AssertionSource, value: unknown): number | undefined {
  if (source === 'tls.version') {
    const index = (tlsVersions as readonly unknown[]).indexOf(value)
    return index === -1 ? undefined : index
  }
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  if (durationSources.includes(source)) return parseDuration(value)
  const number = Number(value)
  return value.trim() === '' || Number.isNaN(number) ? undefined : number
}

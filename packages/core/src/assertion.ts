import { compile, type JSONValue } from 'json-p3'
import { RE2JS } from 're2js'
import { type Assertion, type AssertionOperator, type AssertionSource, toComparable } from './assertion-schema.ts'
import type { Facts, Phases } from './probe.ts'
import type { AssertionResult } from './result.ts'

export type Observed = { phases: Phases; facts: Facts; durationMs: number }

/** Judges every assertion against what was observed; an unobserved value is `null` and fails all but `notExists` and `ne`. */
export function evaluateAssertions(assertions: readonly Assertion[], observed: Observed): AssertionResult[] {
  return assertions.map((assertion) => {
    const actual = valueOf(assertion, observed)
    const decidable = observed.facts.http?.bodyTruncated !== true || holdsOfAPart(assertion)
    return {
      source: assertion.source,
      ...(assertion.name === undefined ? {} : { name: assertion.name }),
      ...(assertion.path === undefined ? {} : { path: assertion.path }),
      op: assertion.op,
      expected: assertion.value ?? null,
      actual: shortened(actual),
      ok: decidable && holds(assertion.source, assertion.op, assertion.value, actual),
    }
  })
}

const needWhole: readonly AssertionOperator[] = [
  'eq',
  'ne',
  'lt',
  'lte',
  'in',
  'notContains',
  'notMatches',
  'notExists',
]

/** Whether a condition that holds of the part of a body that was read holds of all of it; the rest was cut and may say otherwise. */
function holdsOfAPart({ source, op }: Assertion): boolean {
  return !source.startsWith('body') || !needWhole.includes(op)
}

function valueOf({ source, name, path }: Assertion, { phases, facts, durationMs }: Observed): unknown {
  const { http, tls, dns } = facts
  const leaf = tls?.chain[0]
  switch (source) {
    case 'status':
      return http?.status
    case 'header':
      return http?.headers[(name ?? '').toLowerCase()]
    case 'body':
      return facts.body
    case 'body.json':
      return facts.body === undefined ? undefined : jsonAt(facts.body, path ?? '$')
    case 'body.size':
      return http?.bodyBytes
    case 'redirects':
      return http?.redirects.length
    case 'http.version':
      return http?.version
    case 'duration':
      return durationMs
    case 'ip':
      return facts.ip
    case 'phase.dns':
      return phases.dnsMs
    case 'phase.connect':
      return phases.connectMs
    case 'phase.tls':
      return phases.tlsMs
    case 'phase.ttfb':
      return phases.ttfbMs
    case 'phase.transfer':
      return phases.transferMs
    case 'cert.daysLeft':
      return tls?.daysLeft
    case 'cert.issuer':
      return leaf?.issuer
    case 'cert.subject':
      return leaf?.subject
    case 'cert.san':
      return leaf?.san
    case 'cert.fingerprint':
      return leaf?.sha256
    case 'tls.version':
      return tls?.version
    case 'tls.cipher':
      return tls?.cipher
    case 'dns.rcode':
      return dns?.rcode
    case 'dns.answers':
      return dns?.answers.map((answer) => answer.data)
    case 'dns.ttl':
      return dns?.answers.length ? Math.min(...dns.answers.map((answer) => answer.ttl)) : undefined
    case 'dns.flags':
      return dns?.flags
    case 'loss':
      return facts.icmp?.lossPercent
  }
}

/** The one value at a JSONPath, the list of them when it selects several, undefined when there is none or the body is no JSON. */
function jsonAt(body: string, path: string): unknown {
  try {
    const values = compile(path)
      .query(JSON.parse(body) as JSONValue)
      .values()
    return values.length > 1 ? values : values[0]
  } catch {
    return undefined
  }
}

function holds(source: AssertionSource, op: AssertionOperator, expected: Assertion['value'], actual: unknown): boolean {
  switch (op) {
    case 'exists':
      return actual !== undefined && actual !== null
    case 'notExists':
      return actual === undefined || actual === null
    case 'eq':
      return equal(source, expected, actual)
    case 'ne':
      return !equal(source, expected, actual)
    case 'in':
      return Array.isArray(expected) && expected.some((one) => equal(source, one, actual))
    case 'contains':
      return contains(actual, expected)
    case 'notContains':
      return actual !== undefined && actual !== null && !contains(actual, expected)
    case 'matches':
      return texts(actual).some((text) => RE2JS.compile(String(expected)).matcher(text).find())
    case 'notMatches':
      return (
        actual !== undefined &&
        actual !== null &&
        !texts(actual).some((text) => RE2JS.compile(String(expected)).matcher(text).find())
      )
    default:
      return compare(op, toComparable(source, actual), toComparable(source, expected))
  }
}

function compare(op: 'lt' | 'lte' | 'gt' | 'gte', actual: number | undefined, expected: number | undefined): boolean {
  if (actual === undefined || expected === undefined) return false
  if (op === 'lt') return actual < expected
  if (op === 'lte') return actual <= expected
  return op === 'gt' ? actual > expected : actual >= expected
}

function equal(source: AssertionSource, expected: unknown, actual: unknown): boolean {
  if (Array.isArray(actual)) return actual.length === 1 && equal(source, expected, actual[0])
  // A class of statuses is written "2xx".
  if (source === 'status' && typeof expected === 'string' && /^[1-5]xx$/i.test(expected)) {
    return typeof actual === 'number' && Math.floor(actual / 100) === Number(expected[0])
  }
  if (typeof actual === 'number' && typeof expected === 'string') return toComparable(source, expected) === actual
  if (actual === undefined) return expected === null
  return (
    actual === expected || (typeof actual === 'string' && typeof expected === 'number' && actual === String(expected))
  )
}

function contains(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(actual))
    return actual.some((one) => one === expected || (typeof one === 'string' && one === String(expected)))
  return typeof actual === 'string' && actual.includes(String(expected))
}

function texts(actual: unknown): string[] {
  if (actual === undefined || actual === null) return []
  if (Array.isArray(actual)) return actual.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
  return [typeof actual === 'string' ? actual : JSON.stringify(actual)]
}

/** What is kept of an observed value: a body of a megabyte belongs to nobody's history. */
function shortened(value: unknown): unknown {
  if (value === undefined) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text.length <= 256) return value
  return `${text.slice(0, 256)}… (${text.length} characters)`
}

import {
  type Assertion,
  type AssertionOperator,
  type AssertionSource,
  isStatusClass,
  toComparable,
} from './assertion-schema.ts'
import { valueAt } from './json-path.ts'
import { isFound, isFoundInAny } from './pattern.ts'
import type { Facts, Phases } from './probe.ts'
import type { AssertionResult } from './result.ts'
import { BudgetSpent, WorkBudget } from './work-budget.ts'

export type Observed = { phases: Phases; facts: Facts; durationMs: number }

// What a slow machine needs for an honest body of 1 MiB, and no more than another probe may be held up.
const budgetMs = 1000

/**
 * Judges every assertion against what was observed; an unobserved value is `null` and fails all but `notExists` and `ne`.
 *
 * All of them together take a second at most, whatever the target sent: one that would take longer does not hold, and its
 * `actual` says so.
 */
export function evaluateAssertions(assertions: readonly Assertion[], observed: Observed): AssertionResult[] {
  const budget = new WorkBudget(budgetMs)
  const document = onceParsed(observed.facts.body)
  return assertions.map((assertion) => {
    const { actual, ok } = judged(assertion, observed, document, budget)
    const decidable = observed.facts.http?.bodyTruncated !== true || holdsOfAPart(assertion)
    return {
      source: assertion.source,
      ...(assertion.name === undefined ? {} : { name: assertion.name }),
      ...(assertion.path === undefined ? {} : { path: assertion.path }),
      op: assertion.op,
      expected: assertion.value ?? null,
      actual: shortened(actual),
      ok: decidable && ok,
    }
  })
}

function judged(
  assertion: Assertion,
  observed: Observed,
  document: () => unknown,
  budget: WorkBudget,
): { actual: unknown; ok: boolean } {
  try {
    const actual = valueOf(assertion, observed, document, budget)
    return { actual, ok: holds(assertion, actual, budget) }
  } catch (error) {
    if (error instanceof BudgetSpent) return { actual: error.message, ok: false }
    throw error
  }
}

/** The body as JSON, read when it is first asked for; undefined when it is none. */
function onceParsed(body: string | undefined): () => unknown {
  let parsed: { value: unknown } | undefined
  return () => {
    parsed ??= { value: parseJson(body) }
    return parsed.value
  }
}

function parseJson(body: string | undefined): unknown {
  try {
    return body === undefined ? undefined : JSON.parse(body)
  } catch {
    return undefined
  }
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

function valueOf(
  { source, name, path }: Assertion,
  { phases, facts, durationMs }: Observed,
  document: () => unknown,
  budget: WorkBudget,
): unknown {
  const { http, tls, dns } = facts
  const leaf = tls?.chain[0]
  switch (source) {
    case 'status':
      return http?.status
    case 'header':
      return http === undefined ? undefined : ownValue(http.headers, (name ?? '').toLowerCase())
    case 'body':
      return facts.body
    case 'body.json':
      return document() === undefined ? undefined : valueAt(document(), path ?? '$', budget)
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
    case 'dns.status':
      return dns?.status
    case 'loss':
      return facts.icmp?.lossPercent
  }
}

/** Of a header that is called `constructor` only what the server said counts. */
function ownValue(headers: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}

function holds({ source, op, value: expected }: Assertion, actual: unknown, budget: WorkBudget): boolean {
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
      return Array.isArray(expected) && isAmong(source, expected, actual)
    case 'contains':
      return contains(actual, expected)
    case 'notContains':
      return actual !== undefined && actual !== null && !contains(actual, expected)
    case 'matches':
      return matches(String(expected), actual, budget)
    case 'notMatches':
      return actual !== undefined && actual !== null && !matches(String(expected), actual, budget)
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
  if (source === 'status' && isStatusClass(expected)) {
    return typeof actual === 'number' && Math.floor(actual / 100) === Number(expected[0])
  }
  if (typeof actual === 'number' && typeof expected === 'string') return toComparable(source, expected) === actual
  if (typeof actual === 'string' && typeof expected === 'string') return sameText(source, expected, actual)
  // YAML reads 1.0 as the number 1.
  if (source === 'http.version' && typeof expected === 'number') return Number(actual) === expected
  if (actual === undefined) return expected === null
  return (
    actual === expected || (typeof actual === 'string' && typeof expected === 'number' && actual === String(expected))
  )
}

/** A fingerprint counts without the colons and capitals that openssl and browsers write it with, an rcode in any case. */
function sameText(source: AssertionSource, one: string, other: string): boolean {
  if (source === 'cert.fingerprint') return digitsOf(one) === digitsOf(other)
  return source === 'dns.rcode' ? one.toUpperCase() === other.toUpperCase() : one === other
}

function digitsOf(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}

/** Of several values each must be among the expected: a name has these addresses and no others. */
function isAmong(source: AssertionSource, expected: readonly unknown[], actual: unknown): boolean {
  const values: readonly unknown[] = Array.isArray(actual) ? actual : [actual]
  return values.length > 0 && values.every((value) => expected.some((one) => equal(source, one, value)))
}

function contains(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(actual))
    return actual.some((one) => one === expected || (typeof one === 'string' && one === String(expected)))
  return typeof actual === 'string' && actual.includes(String(expected))
}

function matches(pattern: string, actual: unknown, budget: WorkBudget): boolean {
  if (actual === undefined || actual === null) return false
  return Array.isArray(actual)
    ? isFoundInAny(pattern, actual, textOf, budget)
    : isFound(pattern, textOf(actual), budget)
}

const tooDeep = '(nested too deeply to show)'

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value)
  } catch {
    // What can be parsed may still be nested too deeply to be written.
    return tooDeep
  }
}

const maxKept = 256

/** What is kept of an observed value: a body of a megabyte belongs to nobody's history. */
function shortened(value: unknown): unknown {
  if (value === undefined) return null
  if (Array.isArray(value)) {
    const start = listStart(value)
    return start.length <= maxKept ? value : `${start.slice(0, maxKept)}… (${value.length} values)`
  }
  const text = textOf(value)
  if (text === tooDeep) return text
  return text.length <= maxKept ? value : `${text.slice(0, maxKept)}… (${text.length} characters)`
}

/** A list as text as far as it is shown: each of its values may hold all that follow. */
function listStart(values: readonly unknown[]): string {
  let text = '['
  for (const value of values) {
    if (text.length > maxKept) break
    text += `${text === '[' ? '' : ','}${textOf(value)}`
  }
  return text
}

import { expect, test } from 'vitest'
import { evaluateAssertions, type Observed } from './assertion.ts'
import { Assertion } from './assertion-schema.ts'
import { noPhases } from './probe.ts'

const observed: Observed = {
  durationMs: 120,
  phases: { ...noPhases, dnsMs: 4, ttfbMs: 90 },
  facts: {
    ip: '192.0.2.7',
    ipFamily: 4,
    body: '{"status":"ok","items":[{"id":1},{"id":2}],"none":null}',
    http: {
      status: 204,
      version: '1.1',
      redirects: [],
      headers: { 'content-type': 'application/json', 'x-count': '12' },
      bodyBytes: 54,
      bodyTruncated: false,
      finalUrl: 'https://a.example/',
    },
  },
}

const cases: [assertion: object, ok: boolean][] = [
  [{ source: 'status', op: 'eq', value: 204 }, true],
  [{ source: 'status', op: 'in', value: ['2xx', 301] }, true],
  [{ source: 'status', op: 'in', value: ['3xx'] }, false],
  [{ source: 'status', op: 'ne', value: 500 }, true],
  [{ source: 'header', name: 'Content-Type', op: 'contains', value: 'json' }, true],
  [{ source: 'header', name: 'x-count', op: 'gte', value: 12 }, true],
  [{ source: 'header', name: 'x-count', op: 'eq', value: 12 }, true],
  [{ source: 'header', name: 'x-gone', op: 'exists' }, false],
  [{ source: 'header', name: 'constructor', op: 'exists' }, false],
  [{ source: 'header', name: 'x-gone', op: 'notExists' }, true],
  [{ source: 'header', name: 'x-gone', op: 'notMatches', value: 'a' }, false],
  [{ source: 'body', op: 'matches', value: '"status":\\s*"ok"' }, true],
  [{ source: 'body', op: 'notContains', value: 'error' }, true],
  [{ source: 'body.json', path: '$.status', op: 'eq', value: 'ok' }, true],
  [{ source: 'body.json', path: '$.items[*].id', op: 'contains', value: 2 }, true],
  [{ source: 'body.json', path: '$.items.length', op: 'exists' }, false],
  [{ source: 'body.json', path: '$.none', op: 'notExists' }, true],
  [{ source: 'duration', op: 'lt', value: '800ms' }, true],
  [{ source: 'duration', op: 'gt', value: '1s' }, false],
  [{ source: 'phase.ttfb', op: 'lte', value: '90ms' }, true],
  [{ source: 'phase.tls', op: 'lt', value: '1s' }, false],
  [{ source: 'cert.daysLeft', op: 'gt', value: 7 }, false],
  [{ source: 'ip', op: 'eq', value: '192.0.2.7' }, true],
]

test.each(cases)('%j holds: %s', (assertion, ok) => {
  const [result] = evaluateAssertions([Assertion.parse(assertion)], observed)
  expect(result?.ok).toBe(ok)
})

test('a result keeps what was expected and what was there, cut to a bearable length', () => {
  const long = { ...observed, facts: { ...observed.facts, body: 'x'.repeat(100_000) } }
  const [result] = evaluateAssertions([Assertion.parse({ source: 'body', op: 'eq', value: 'y' })], long)
  expect(result).toMatchObject({ source: 'body', op: 'eq', expected: 'y', ok: false })
  expect(String(result?.actual)).toHaveLength(256 + '… (100000 characters)'.length)
})

import { expect, test } from 'vitest'
import { evaluateAssertions } from './assertion.ts'
import { Assertion } from './assertion-schema.ts'
import { noPhases } from './probe.ts'

function judge(assertion: Assertion, bodyTruncated: boolean): boolean | undefined {
  const http = { status: 200, version: '1.1', redirects: [], headers: {}, bodyBytes: 4, finalUrl: 'http://a.example/' }
  const facts = { ip: null, ipFamily: null, http: { ...http, bodyTruncated }, body: 'abcd' }
  return evaluateAssertions([assertion], { phases: noPhases, facts, durationMs: 1 })[0]?.ok
}

test.each([
  [{ source: 'body', op: 'contains', value: 'bc' }, true],
  [{ source: 'body', op: 'notContains', value: 'zz' }, false],
  [{ source: 'body', op: 'eq', value: 'abcd' }, false],
  [{ source: 'body', op: 'notMatches', value: 'zz' }, false],
  [{ source: 'body.json', path: '$.a', op: 'notExists' }, false],
  [{ source: 'body.size', op: 'gte', value: 4 }, true],
  [{ source: 'body.size', op: 'lte', value: 4 }, false],
  [{ source: 'status', op: 'eq', value: 200 }, true],
])('of a body that was cut, only what holds of any continuation holds: %j', (document, ok) => {
  const assertion = Assertion.parse(document)
  expect(judge(assertion, true)).toBe(ok)
  expect(judge(assertion, false)).toBe(true)
})

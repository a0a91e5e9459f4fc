import { expect, test } from 'vitest'
import { auditVerdict } from './audit-dependencies.ts'

test.each([
  ['', true, /^dependencies: not audited, as the registry did not answer: no answer$/],
  [
    '{"message":"request to the registry failed, reason: getaddrinfo EAI_AGAIN","error":{"summary":"","detail":""}}',
    true,
    /EAI_AGAIN$/,
  ],
  [
    '{"metadata":{"vulnerabilities":{"low":3,"high":0,"critical":0}},"vulnerabilities":{}}',
    true,
    /none with a known fault/,
  ],
  [
    '{"metadata":{"vulnerabilities":{"high":1,"critical":0}},"vulnerabilities":{"x":{"severity":"high"},"y":{"severity":"low"}}}',
    false,
    /^dependencies: 1 with a known fault: x \(high\)$/,
  ],
] as const)('what npm audit printed (%s) is read: passes %s', (output, ok, line) => {
  const verdict = auditVerdict(output)
  expect(verdict.ok).toBe(ok)
  expect(verdict.line).toMatch(line)
})

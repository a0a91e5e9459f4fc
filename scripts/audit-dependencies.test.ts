import { expect, test } from 'vitest'
import { auditVerdict } from './audit-dependencies.ts'

test.each([
  ['', undefined, /^dependencies: not audited, as the registry did not answer: no answer$/],
  [
    '{"message":"request to the registry failed, reason: getaddrinfo EAI_AGAIN","error":{"summary":"","detail":""}}',
    undefined,
    /^dependencies: not audited, as the registry did not answer: .*EAI_AGAIN$/,
  ],
  [
    '{"message":"405 Method Not Allowed - POST https://registry.example/advisories","statusCode":405,"error":{"summary":""}}',
    undefined,
    /^dependencies: not audited, as the registry does not tell: 405 Method Not Allowed$/,
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
] as const)('what npm audit printed (%s) is read: fine %s', (output, ok, line) => {
  const verdict = auditVerdict(output)
  expect(verdict.ok).toBe(ok)
  expect(verdict.line).toMatch(line)
})

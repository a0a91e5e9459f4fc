import { expect, test } from 'vitest'
import { AlertPolicy, isRuleOn, latencyRule } from './alert-policy.ts'

test('every rule but latency is on unless it is turned off', () => {
  const policy = AlertPolicy.parse({})
  expect(isRuleOn(policy, 'down')).toBe(true)
  expect(isRuleOn(policy, 'certExpiry')).toBe(true)
  expect(isRuleOn(policy, 'noData')).toBe(true)
  expect(isRuleOn(policy, 'certChange')).toBe(true)
  expect(isRuleOn(policy, 'latency')).toBe(false)
  expect(isRuleOn(AlertPolicy.parse({ latency: { percentile: 95, above: '800ms', over: '5m' } }), 'latency')).toBe(true)
})

test.each(['down', 'certExpiry', 'noData', 'certChange', 'dnsChange'] as const)(
  '%s is turned off by enabled: false',
  (rule) => {
    expect(isRuleOn(AlertPolicy.parse({ [rule]: { enabled: false } }), rule)).toBe(false)
  },
)

test('latency is turned off without a setting, and keeps one that it has', () => {
  expect(latencyRule(AlertPolicy.parse({ latency: { enabled: false } }))).toBeUndefined()
  const policy = AlertPolicy.parse({ latency: { percentile: 95, above: '800ms', over: '5m', enabled: false } })
  expect(isRuleOn(policy, 'latency')).toBe(false)
})

test.each<[policy: object, problem: string]>([
  [{ latency: { percentile: 95 } }, 'latency.above: is required'],
  [{ latency: { percentile: 100, above: '1s', over: '5m' } }, 'latency.percentile: expected less than 100, found 100'],
  [{ regions: 'most' }, 'regions: expected any, majority, all or a number of regions, found "most"'],
])('%j is refused', (policy, problem) => {
  const issues = AlertPolicy.safeParse(policy).error?.issues ?? []
  expect(issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toContain(problem)
})

test('reminders and escalations are durations with channels', () => {
  expect(AlertPolicy.parse({ repeat: '4h', escalate: [{ after: '15m', channels: ['boss'] }] })).toMatchObject({
    repeat: '4h',
  })
  expect(() => AlertPolicy.parse({ escalate: [{ after: '15m', channels: [] }] })).toThrow('escalate')
  expect(() => AlertPolicy.parse({ repeat: 'often' })).toThrow('expected a duration')
})

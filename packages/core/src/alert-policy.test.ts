import { expect, test } from 'vitest'
import { AlertPolicy, isRuleOn } from './alert-policy.ts'

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

test('latency is turned off and keeps its setting', () => {
  const policy = AlertPolicy.parse({ latency: { percentile: 95, above: '800ms', over: '5m', enabled: false } })
  expect(isRuleOn(policy, 'latency')).toBe(false)
})

test('reminders and escalations are durations with channels', () => {
  expect(AlertPolicy.parse({ repeat: '4h', escalate: [{ after: '15m', channels: ['boss'] }] })).toMatchObject({
    repeat: '4h',
  })
  expect(() => AlertPolicy.parse({ escalate: [{ after: '15m', channels: [] }] })).toThrow('escalate')
  expect(() => AlertPolicy.parse({ repeat: 'often' })).toThrow('expected a duration')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Channel } from '../channel.ts'
import { Check } from '../check.ts'
import { withoutDefaults } from './without-defaults.ts'

test('only what differs from the defaults is left, in the order of the schema', () => {
  const check = Check.parse({
    target: 'https://a.example/',
    kind: 'http',
    http: { tls: { minVersion: 'TLSv1.3' }, method: 'GET' },
    alerts: { latency: { above: '1s', percentile: 95, over: '5m', enabled: true }, certExpiry: { enabled: false } },
    timeout: '5s',
    retries: 2,
    key: 'a',
  })
  expect(JSON.stringify(withoutDefaults(Check, check))).toBe(
    JSON.stringify({
      key: 'a',
      retries: 2,
      alerts: { latency: { percentile: 95, above: '1s', over: '5m' }, certExpiry: { enabled: false } },
      kind: 'http',
      target: 'https://a.example/',
      http: { tls: { minVersion: 'TLSv1.3' } },
    }),
  )
})

test('whatever was left out, the document reads as before', () => {
  const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })
  const checks = fc.record({
    key: fc.constant('a'),
    kind: fc.constant('http'),
    target: fc.webUrl(),
    interval: some(fc.constantFrom('30s', '1m', '60s')),
    enabled: some(fc.boolean()),
    retries: some(fc.integer({ min: 0, max: 5 })),
    regions: some(fc.constantFrom(['*'], ['eu'], ['eu', '*'])),
    labels: some(fc.dictionary(fc.constantFrom('team', 'tier'), fc.string({ maxLength: 5 }))),
    http: some(
      fc.record({
        followRedirects: some(fc.boolean()),
        tls: some(fc.record({ insecureSkipVerify: some(fc.boolean()), alpn: some(fc.constant(['h2'])) })),
        headers: some(fc.constantFrom({}, { 'x-a': '1' })),
      }),
    ),
    alerts: some(
      fc.record({
        down: some(fc.constantFrom({}, { enabled: true }, { enabled: false })),
        noData: some(fc.constantFrom(3, 4, { enabled: false as const })),
        certExpiry: some(fc.constantFrom([], ['30d', '14d', '3d'], ['1d'])),
        escalate: some(fc.constantFrom([], [{ after: '5m', channels: ['boss'] }])),
      }),
    ),
  })
  fc.assert(
    fc.property(checks, (input) => {
      const check = Check.parse(input)
      const short = withoutDefaults(Check, check)
      expect(Check.parse(short)).toEqual(check)
      expect(withoutDefaults(Check, Check.parse(short))).toEqual(short)
    }),
  )
})

test('a channel is shortened by the schema of its kind', () => {
  const channel = Channel.parse({ key: 'p', kind: 'pagerduty', pagerduty: { routingKey: 'r' } })
  expect(withoutDefaults(Channel, channel)).toEqual({ key: 'p', kind: 'pagerduty', pagerduty: { routingKey: 'r' } })
})

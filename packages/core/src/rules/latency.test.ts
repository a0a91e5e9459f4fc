import { expect, test } from 'vitest'
import { AlertPolicy } from '../alert-policy.ts'
import type { OpenIncident } from './decision.ts'
import { judgeLatency, type RegionLatency } from './latency.ts'

const check = (latency: object = {}, own: object = {}) => ({
  key: 'shop',
  enabled: true,
  intervalMs: 30_000,
  timeoutMs: 5000,
  alerts: AlertPolicy.parse({ latency: { percentile: 95, above: '800ms', over: '5m', ...latency }, ...own }),
})
const measured = (region: string, valueMs: number, own: Partial<RegionLatency> = {}): RegionLatency => ({
  region,
  count: 10,
  slow: valueMs > 800 ? 4 : 0,
  valueMs,
  ...own,
})

test.each<[string, ReturnType<typeof check>, RegionLatency[], string]>([
  ['fast', check(), [measured('eu', 799)], 'nothing'],
  ['at the bound', check(), [measured('eu', 800)], 'nothing'],
  ['slow', check(), [measured('eu', 801)], 'open'],
  ['one slow answer of ten', check(), [measured('eu', 5000, { slow: 1 })], 'nothing'],
  ['two results as yet', check(), [measured('eu', 5000, { count: 2, slow: 2 })], 'nothing'],
  ['a window of one slot', check({ over: '1m' }), [measured('eu', 900, { count: 2, slow: 2 })], 'open'],
  ['no results', check(), [measured('eu', 0, { count: 0, valueMs: null })], 'nothing'],
  ['one of three regions', check(), [measured('eu', 900), measured('us', 90), measured('ap', 90)], 'nothing'],
  ['two of three regions', check(), [measured('eu', 900), measured('us', 900), measured('ap', 90)], 'open'],
  ['any region', check({}, { regions: 'any' }), [measured('eu', 900), measured('us', 90)], 'open'],
  ['turned off', check({ enabled: false }), [measured('eu', 900)], 'nothing'],
])('%s, nothing open', (_, ruled, latencies, action) => {
  expect(judgeLatency({ check: ruled, latencies }, null).action).toBe(action)
})

test('what is slow stays so until it is a tenth below, and one that lies on the line does not come and go', () => {
  const open = opened([measured('eu', 900)])
  expect(open.summary).toBe('shop is slow in 1 of 1 region: above 800ms: eu p95 900 ms over 5m (10 results)')
  const step = (valueMs: number) => judgeLatency({ check: check(), latencies: [measured('eu', valueMs)] }, open).action
  expect([1200, 790, 730, 720].map(step)).toEqual(['nothing', 'nothing', 'nothing', 'resolve'])
})

function opened(latencies: RegionLatency[]): OpenIncident {
  const decision = judgeLatency({ check: check({}, { regions: 'any' }), latencies }, null)
  if (decision.action !== 'open') throw new Error(decision.why)
  return { subject: '', openedMs: 0, acknowledged: false, ...decision.facts }
}

test('while what it depends on is down, nothing opens and nobody is told again', () => {
  const parents = [{ key: 'uplink', isDown: true, failingUntilMs: null }]
  const any = check({}, { regions: 'any' })
  const both = [measured('eu', 900), measured('us', 900)]
  expect(judgeLatency({ check: any, latencies: both, parents }, null)).toMatchObject({
    action: 'nothing',
    why: 'uplink, which it depends on, is down',
  })
  expect(judgeLatency({ check: any, latencies: both, parents }, opened([measured('eu', 900)]))).toMatchObject({
    action: 'update',
    tell: false,
  })
  const up = [{ key: 'uplink', isDown: false, failingUntilMs: 1 }]
  expect(judgeLatency({ check: any, latencies: both, parents: up }, null).action).toBe('open')
})

test('another region that becomes slow is an update, and silence no recovery', () => {
  const any = check({}, { regions: 'any' })
  const open = opened([measured('eu', 900), measured('us', 90)])
  expect(judgeLatency({ check: any, latencies: [measured('eu', 900), measured('us', 900)] }, open)).toMatchObject({
    action: 'update',
    tell: true,
    facts: { cause: expect.stringMatching(/from everywhere/) },
  })
  expect(judgeLatency({ check: any, latencies: [] }, open).action).toBe('nothing')
  expect(judgeLatency({ check: { ...any, enabled: false }, latencies: [] }, open).action).toBe('resolve')
})

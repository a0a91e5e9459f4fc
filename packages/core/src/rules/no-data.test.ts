import { expect, test } from 'vitest'
import { AlertPolicy } from '../alert-policy.ts'
import { explain } from '../failure.ts'
import { judgeNoData, type NoDataFacts } from './no-data.ts'
import type { RegionVote } from './vote.ts'

const now = Date.parse('2026-01-05T10:00:00Z')
const check = (alerts: object = {}, enabled = true, intervalMs = 30_000) => ({
  key: 'shop',
  enabled,
  intervalMs,
  timeoutMs: 5000,
  alerts: AlertPolicy.parse(alerts),
})
const vote = (region: string, missed: number, lastSlotMs = now - 1000): RegionVote => ({
  region,
  verdict: 'up',
  lastSlotMs,
  missed,
  error: missed === 0 ? null : explain('no_worker', `no worker of ${region}`),
})
const facts = (votes: RegionVote[], own: Partial<NoDataFacts> = {}): NoDataFacts => ({
  check: check(),
  votes,
  silentRegions: new Map(),
  inDoubt: new Set(),
  ...own,
})

const watched = (votes: RegionVote[], fromMs: number) => facts(votes, { watchedFrom: new Map([['a', fromMs]]) })

const many = new Map([['a', 40]])
const few = new Map([['a', 2]])
test.each<[string, NoDataFacts, string]>([
  ['results in every region', facts([vote('a', 0), vote('b', 0)]), 'nothing'],
  ['two slots missed', facts([vote('a', 2)]), 'nothing'],
  ['three slots missed', facts([vote('a', 3)]), 'open'],
  ['three slots missed in one region', facts([vote('a', 3), vote('b', 0)]), 'open'],
  ['nothing at all, not even a word of missed slots', facts([vote('a', 0, now - 171_000)]), 'open'],
  ['a little late', facts([vote('a', 0, now - 165_000)]), 'nothing'],
  ['a silent region, seen from elsewhere', facts([vote('a', 3), vote('b', 0)], { silentRegions: few }), 'nothing'],
  ['its only region silent, with few checks', facts([vote('a', 3)], { silentRegions: few }), 'open'],
  ['its only region silent, with many checks', facts([vote('a', 3)], { silentRegions: many }), 'nothing'],
  ['a region that is judged first', facts([vote('a', 3)], { inDoubt: new Set(['a']) }), 'nothing'],
  ['no result yet', facts([{ ...vote('a', 0), lastSlotMs: null }]), 'nothing'],
  ['turned off', facts([vote('a', 3)], { check: check({ noData: { enabled: false } }) }), 'nothing'],
  ['five slots allowed', facts([vote('a', 4)], { check: check({ noData: 5 }) }), 'nothing'],
  ['three seconds, of a check of every second', facts([vote('a', 3)], { check: check({}, true, 1000) }), 'nothing'],
  ['twenty seconds, of a check of every second', facts([vote('a', 20)], { check: check({}, true, 1000) }), 'open'],
  ['three slots of which nobody watched two', watched([vote('a', 3)], now - 30_000), 'nothing'],
  ['three slots that somebody watched', watched([vote('a', 3)], now - 61_000), 'open'],
  ['nothing at all, as nobody watched', watched([vote('a', 0, now - 3_600_000)], now - 160_000), 'nothing'],
  ['nothing at all since somebody watches', watched([vote('a', 0, now - 3_600_000)], now - 171_000), 'open'],
  ['disabled', facts([vote('a', 3)], { check: check({}, false) }), 'nothing'],
])('%s, nothing open', (_, given, action) => {
  expect(judgeNoData(given, null, now).action).toBe(action)
})

function opened(given: NoDataFacts) {
  const decision = judgeNoData(given, null, now)
  if (decision.action !== 'open') throw new Error(decision.why)
  return { subject: '', openedMs: now, acknowledged: false, ...decision.facts }
}

test('it is told with the reason, updated when another region falls silent, and ends when all bring results', () => {
  const open = opened(facts([vote('a', 3), vote('b', 0)]))
  expect(open).toMatchObject({
    code: 'no_worker',
    summary: 'shop has had no result for 3 slots in 1 of 2 regions: a: no worker of a',
    regions: [
      { region: 'a', state: 'unknown', code: 'no_worker' },
      { region: 'b', state: 'up', code: null },
    ],
  })
  expect(judgeNoData(facts([vote('a', 9), vote('b', 0)]), open, now).action).toBe('nothing')
  expect(judgeNoData(facts([vote('a', 9), vote('b', 3)]), open, now)).toMatchObject({ action: 'update', tell: true })
  expect(judgeNoData(facts([vote('a', 0), vote('b', 0)]), open, now).action).toBe('resolve')
  expect(judgeNoData(facts([vote('a', 9)], { check: check({ noData: { enabled: false } }) }), open, now).action).toBe(
    'resolve',
  )
})

test('a region that proves to be silent as a whole keeps an incident that is open', () => {
  const open = opened(facts([vote('a', 3)]))
  expect(judgeNoData(facts([vote('a', 9)], { silentRegions: many }), open, now).action).toBe('nothing')
})

test('what is open stays so when nobody has watched for a while', () => {
  const open = opened(facts([vote('a', 3)]))
  expect(judgeNoData(watched([vote('a', 9)], now), open, now).action).toBe('nothing')
  expect(judgeNoData(watched([vote('a', 0)], now), open, now).action).toBe('resolve')
})

test('without a word it says for how many slots, and that Sonde itself stands still', () => {
  expect(opened(facts([vote('a', 0, now - 600_000)]))).toMatchObject({
    code: null,
    summary: 'shop has had no result for 20 slots in 1 of 1 region: a',
    cause: expect.stringMatching(/Sonde itself stands still/),
  })
})

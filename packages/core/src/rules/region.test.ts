import { expect, test } from 'vitest'
import type { Decision, OpenIncident } from './decision.ts'
import { judgeRegionSilent, type RegionSilentFacts } from './region-silent.ts'
import { judgeRegionSuspect } from './region-suspect.ts'
import type { RegionWitness } from './region-weight.ts'

const now = Date.parse('2026-01-05T10:00:00Z')

function after(open: OpenIncident | null, decision: Decision): OpenIncident | null {
  if (decision.action === 'open')
    return { subject: decision.subject, openedMs: now, acknowledged: false, ...decision.facts }
  return decision.action === 'update' && open !== null ? { ...open, ...decision.facts } : open
}

const witnesses = (count: number, own: Partial<RegionWitness>): RegionWitness[] =>
  Array.from({ length: count }, (_, index) => ({
    host: `${index}.example`,
    intervalMs: 30_000,
    lastSlotMs: now,
    failingSinceMs: null,
    isDown: false,
    code: null,
    elsewhere: 'nobody',
    ...own,
  }))
const sick = witnesses(10, { failingSinceMs: now, code: 'dns_timeout', elsewhere: 'good' })

test('a sick region is told by its name, with what fails and what to look at', () => {
  expect(judgeRegionSuspect({ region: 'eu', witnesses: sick }, null, now)).toMatchObject({
    action: 'open',
    subject: 'eu',
    facts: {
      code: 'dns_timeout',
      summary:
        'eu is at fault itself: 10 of 10 hosts began to fail there at once, mostly with dns_timeout, and other regions reach 10 of them',
      regions: [{ region: 'eu', state: 'down', code: 'dns_timeout' }],
    },
  })
})

test('it stays until hardly anything fails, and the last of its checks have had time to recover', () => {
  let open = after(null, judgeRegionSuspect({ region: 'eu', witnesses: sick }, null, now))
  const step = (given: RegionWitness[], atMs: number) => {
    const decision = judgeRegionSuspect({ region: 'eu', witnesses: given }, open, atMs)
    open = after(open, decision)
    return decision.action
  }
  const fine = (count: number, isDown: boolean, atMs: number) => witnesses(count, { lastSlotMs: atMs, isDown })
  expect(step(sick, now + 30_000)).toBe('nothing')
  // Good just now, and not often enough to be up again.
  expect(step(fine(10, true, now + 60_000), now + 60_000)).toBe('nothing')
  const nearly = [...fine(10, false, now + 90_000).slice(0, 8), ...sick.slice(8)]
  expect(step(nearly, now + 90_000)).toBe('update')
  expect(step(nearly, now + 120_000)).toBe('nothing')
  expect(step(sick, now + 130_000)).toBe('update')
  expect(step(nearly, now + 140_000)).toBe('update')
  expect(step(nearly, now + 229_000)).toBe('nothing')
  expect(step(nearly, now + 230_000)).toBe('resolve')
  expect(step(fine(10, false, now + 150_000), now + 150_000)).toBe('resolve')
})

const heard = (agoMs: number, own: Partial<RegionSilentFacts> = {}): RegionSilentFacts => ({
  region: 'eu',
  checks: 20,
  withoutData: 0,
  heardMs: now - agoMs,
  waitedSinceMs: now - agoMs,
  judgedSinceMs: now - 3_600_000,
  stillSinceMs: null,
  ...own,
})
test.each<[string, RegionSilentFacts, string]>([
  ['its worker is heard of', heard(5000), 'nothing'],
  ['its worker restarts', heard(59_999), 'nothing'],
  ['no worker for a minute', heard(60_000), 'open'],
  ['no worker for a minute, and no checks', heard(60_000, { checks: 0 }), 'nothing'],
  ['no worker yet, made just now', heard(0, { heardMs: null, waitedSinceMs: now - 1000 }), 'nothing'],
  ['no worker yet', heard(0, { heardMs: null, waitedSinceMs: now - 60_000 }), 'open'],
  ['nobody was there to hear of it', heard(3_600_000, { waitedSinceMs: now - 1000 }), 'nothing'],
  ['its worker lives, and nearly nothing has results', heard(5000, { withoutData: 18 }), 'open'],
  [
    'nothing has results, and all of Sonde was off',
    heard(5000, { withoutData: 20, judgedSinceMs: now - 59_000 }),
    'nothing',
  ],
  ['its worker lives, and half has results', heard(5000, { withoutData: 10 }), 'nothing'],
  ['its worker lives, and nothing comes for a minute', heard(5000, { stillSinceMs: now - 60_000 }), 'open'],
  ['its worker lives, and nothing comes for a while', heard(5000, { stillSinceMs: now - 59_000 }), 'nothing'],
  ['its worker lives, and its three checks have none', heard(5000, { checks: 3, withoutData: 3 }), 'nothing'],
])('%s, nothing open', (_, facts, action) => {
  expect(judgeRegionSilent(facts, null, now).action).toBe(action)
})

test('a silent region is told once, and ends when a worker is heard of and brings results', () => {
  const open = after(null, judgeRegionSilent(heard(90_000, { withoutData: 20 }), null, now))
  expect(open).toMatchObject({
    subject: 'eu',
    code: 'no_worker',
    summary: 'eu is silent: no worker of it has been heard of for 90s. 20 checks are not watched from there',
  })
  expect(judgeRegionSilent(heard(120_000, { withoutData: 20 }), open, now).action).toBe('nothing')
  expect(judgeRegionSilent(heard(120_000, { checks: 21 }), open, now)).toMatchObject({ action: 'update', tell: false })
  expect(judgeRegionSilent(heard(1000, { withoutData: 20 }), open, now).action).toBe('nothing')
  expect(judgeRegionSilent(heard(1000, { withoutData: 3 }), open, now).action).toBe('resolve')
  expect(judgeRegionSilent(heard(120_000, { checks: 0 }), open, now).action).toBe('resolve')
})

test('a region from which nothing comes, as nobody schedules, is told with that, and ends with the first result', () => {
  const still = heard(1000, { stillSinceMs: now - 75_000 })
  const open = after(null, judgeRegionSilent(still, null, now))
  expect(open).toMatchObject({
    code: 'no_data',
    summary:
      'eu is silent: its workers live, and none of its checks has had a result for 75s. 20 checks are not watched from there',
    cause: expect.stringMatching(/^Nobody hands out slots/),
  })
  expect(judgeRegionSilent(heard(1000, { stillSinceMs: now - 1000 }), open, now).action).toBe('nothing')
  expect(judgeRegionSilent(heard(1000), open, now).action).toBe('resolve')
})

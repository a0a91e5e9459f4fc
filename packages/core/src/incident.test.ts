import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlertPolicy } from './alert-policy.ts'
import { explain } from './failure.ts'
import { type IncidentRegion, judgeDown, type RegionVote } from './incident.ts'

const now = Date.parse('2026-01-05T10:00:00Z')
const check = (alerts: object = {}) => ({
  key: 'shop',
  enabled: true,
  intervalMs: 30_000,
  timeoutMs: 5000,
  alerts: AlertPolicy.parse(alerts),
})
const vote = (region: string, verdict: RegionVote['verdict'], own: Partial<RegionVote> = {}): RegionVote => ({
  region,
  verdict,
  lastSlotMs: now - 10_000,
  error: verdict === 'down' ? explain('tcp_refused', 'nothing listens on 192.0.2.1:443') : null,
  ...own,
})

test.each<[string, object, RegionVote[], string]>([
  ['a majority down', {}, [vote('a', 'down'), vote('b', 'down'), vote('c', 'up')], 'open'],
  ['a minority down', {}, [vote('a', 'down'), vote('b', 'up'), vote('c', 'up')], 'nothing'],
  ['any, one down', { regions: 'any' }, [vote('a', 'down'), vote('b', 'up')], 'open'],
  ['all, one up', { regions: 'all' }, [vote('a', 'down'), vote('b', 'up')], 'nothing'],
  ['two of three', { regions: 2 }, [vote('a', 'down'), vote('b', 'down'), vote('c', 'up')], 'open'],
  ['turned off', { down: { enabled: false } }, [vote('a', 'down')], 'nothing'],
  ['nobody knows', {}, [vote('a', 'unknown')], 'nothing'],
  ['no region at all', {}, [], 'nothing'],
])('%s, nothing open', (_, alerts, votes, action) => {
  expect(judgeDown(check(alerts), votes, null, now).action).toBe(action)
})

test('a region without a result in two intervals and a timeout leaves the vote', () => {
  const stale = { lastSlotMs: now - 65_001 }
  expect(judgeDown(check(), [vote('a', 'down', stale), vote('b', 'up')], null, now).action).toBe('nothing')
  expect(judgeDown(check(), [vote('a', 'down'), vote('b', 'up', stale)], null, now)).toMatchObject({
    action: 'open',
    facts: {
      regions: [
        { region: 'a', state: 'down' },
        { region: 'b', state: 'unknown', code: null },
      ],
    },
  })
})

test('what the regions have in common is told', () => {
  const all = judgeDown(check(), [vote('a', 'down'), vote('b', 'down')], null, now)
  expect(all).toMatchObject({
    facts: {
      code: 'tcp_refused',
      summary: 'shop is down in 2 of 2 regions: tcp_refused: nothing listens on 192.0.2.1:443',
    },
  })
  expect(all.action === 'open' && all.facts.cause).toMatch(/^Every region sees the same/)
  const one = judgeDown(check({ regions: 'any' }), [vote('a', 'down'), vote('b', 'up')], null, now)
  expect(one.action === 'open' && one.facts.cause).toMatch(/^Other regions reach it/)
})

const asOpen = (votes: RegionVote[]) => {
  const decision = judgeDown(check({ regions: 'any' }), votes, null, now)
  if (decision.action !== 'open') throw new Error(decision.why)
  return decision.facts
}

test('an open incident is updated when another region joins or fails otherwise, and only then', () => {
  const policy = check({ regions: 'any' })
  const before = [vote('a', 'down'), vote('b', 'up')]
  const open = asOpen(before)
  expect(judgeDown(policy, before, open, now + 1000).action).toBe('nothing')
  expect(judgeDown(policy, [vote('a', 'down'), vote('b', 'down')], open, now).action).toBe('update')
  const timeout = vote('a', 'down', { error: explain('tcp_timeout', 'no answer') })
  expect(judgeDown(policy, [timeout, vote('b', 'up')], open, now)).toMatchObject({
    action: 'update',
    facts: { code: 'tcp_timeout' },
  })
  const said = vote('a', 'down', { error: explain('tcp_refused', 'in other words') })
  expect(judgeDown(policy, [said, vote('b', 'up')], open, now).action).toBe('nothing')
})

test('a first good result below the threshold changes nothing', () => {
  const open = asOpen([vote('a', 'down')])
  expect(judgeDown(check(), [vote('a', 'down', { error: null })], open, now).action).toBe('nothing')
})

test('it is resolved by regions that are up, and never by silence', () => {
  const open = asOpen([vote('a', 'down')])
  expect(judgeDown(check(), [vote('a', 'up')], open, now).action).toBe('resolve')
  expect(judgeDown(check(), [vote('a', 'down', { lastSlotMs: now - 999_000 })], open, now).action).toBe('nothing')
  expect(judgeDown(check({ down: { enabled: false } }), [vote('a', 'down')], open, now).action).toBe('resolve')
})

test('an incident of a check that is disabled is resolved', () => {
  const votes = [vote('a', 'down')]
  expect(judgeDown({ ...check(), enabled: false }, votes, asOpen(votes), now).action).toBe('resolve')
  expect(judgeDown({ ...check(), enabled: false }, votes, null, now).action).toBe('nothing')
})

test('it never opens twice, never resolves or updates what is not open, and judging again changes nothing', () => {
  const anyVote = fc.record({
    region: fc.constantFrom('a', 'b', 'c', 'd'),
    verdict: fc.constantFrom('up', 'down', 'unknown'),
    ageMs: fc.integer({ min: 0, max: 120_000 }),
    code: fc.constantFrom('tcp_refused', 'tcp_timeout', 'http_status'),
  })
  const step = fc.uniqueArray(anyVote, { selector: ({ region }) => region, maxLength: 4 })
  const regions = fc.constantFrom('any', 'majority', 'all', 2)
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), regions, (steps, quorum) => {
      let open: { regions: IncidentRegion[] } | null = null
      const policy = check({ regions: quorum })
      for (const votes of steps) {
        const seen = votes.map(({ region, verdict, ageMs, code }) =>
          vote(region, verdict, {
            lastSlotMs: now - ageMs,
            error: verdict === 'down' ? explain(code as 'tcp_refused', 'x') : null,
          }),
        )
        const decision = judgeDown(policy, seen, open, now)
        if (decision.action === 'open') expect(open).toBeNull()
        if (decision.action === 'update' || decision.action === 'resolve') expect(open).not.toBeNull()
        if (decision.action === 'open' || decision.action === 'update') open = { regions: decision.facts.regions }
        if (decision.action === 'resolve') open = null
        expect(judgeDown(policy, seen.toReversed(), open, now).action).toBe('nothing')
      }
    }),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlertPolicy } from '../alert-policy.ts'
import { explain } from '../failure.ts'
import type { OpenIncident } from './decision.ts'
import { type DownFacts, judgeDown } from './down.ts'
import type { RegionVote, RuledCheck } from './vote.ts'

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
  missed: 0,
  error: verdict === 'down' ? explain('tcp_refused', 'nothing listens on 192.0.2.1:443') : null,
  ...own,
})

const alone = { suspects: new Set<string>(), inDoubt: new Set<string>(), openings: [], parents: [], children: [] }
function judge(
  check: RuledCheck,
  votes: readonly RegionVote[],
  open: OpenIncident | null,
  nowMs: number,
  own: Partial<DownFacts> = {},
) {
  return judgeDown({ ...alone, check, votes, ...own }, open, nowMs)
}

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
  expect(judge(check(alerts), votes, null, now).action).toBe(action)
})

test.each<[string, object, RegionVote[], [string, number][], string]>([
  ['all, and the other has not spoken yet', { regions: 'all' }, [vote('a', 'down')], [['b', now + 1]], 'nothing'],
  ['all, and the other has had its time', { regions: 'all' }, [vote('a', 'down')], [['b', now]], 'open'],
  [
    'all, and the other has said that it is down',
    { regions: 'all' },
    [vote('a', 'down'), vote('b', 'down')],
    [['b', now + 1]],
    'open',
  ],
  [
    'all, and what the other said is out of date',
    { regions: 'all' },
    [vote('a', 'down'), vote('b', 'up', { lastSlotMs: now - 90_000 })],
    [],
    'open',
  ],
  [
    'all, the same, and it was not to speak until now',
    { regions: 'all' },
    [vote('a', 'down'), vote('b', 'up', { lastSlotMs: now - 90_000 })],
    [['b', now + 1]],
    'nothing',
  ],
  [
    'the first of three, of which most are to be down',
    {},
    [vote('a', 'down')],
    [
      ['b', now + 1],
      ['c', now + 1],
    ],
    'nothing',
  ],
  ['two of three, and the third changes nothing', {}, [vote('a', 'down'), vote('b', 'down')], [['c', now + 1]], 'open'],
  ['the first of two, and one is no majority', {}, [vote('a', 'down')], [['b', now + 1]], 'nothing'],
  ['any, and nobody else has to say anything', { regions: 'any' }, [vote('a', 'down')], [['b', now + 1]], 'open'],
  ['two, and there are two', { regions: 2 }, [vote('a', 'down'), vote('b', 'down')], [['c', now + 1]], 'open'],
])('%s', (_, alerts, votes, awaited, action) => {
  expect(judge(check(alerts), votes, null, now, { awaited: new Map(awaited) }).action).toBe(action)
})

test('a region without a result in two intervals and a timeout leaves the vote', () => {
  const stale = { lastSlotMs: now - 65_001 }
  expect(judge(check(), [vote('a', 'down', stale), vote('b', 'up')], null, now).action).toBe('nothing')
  expect(judge(check(), [vote('a', 'down'), vote('b', 'up', stale)], null, now)).toMatchObject({
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
  const all = judge(check(), [vote('a', 'down'), vote('b', 'down')], null, now)
  expect(all).toMatchObject({
    facts: {
      code: 'tcp_refused',
      summary: 'shop is down in 2 of 2 regions: tcp_refused: nothing listens on 192.0.2.1:443',
    },
  })
  expect(all.action === 'open' && all.facts.cause).toMatch(/^Every region sees the same/)
  const one = judge(check({ regions: 'any' }), [vote('a', 'down'), vote('b', 'up')], null, now)
  expect(one.action === 'open' && one.facts.cause).toMatch(/^Other regions reach it/)
})

function asOpen(votes: readonly RegionVote[], own: Partial<DownFacts> = {}, atMs = now): OpenIncident {
  const decision = judge(check({ regions: 'any' }), votes, null, atMs, own)
  if (decision.action !== 'open') throw new Error(decision.why)
  return { subject: '', openedMs: atMs, acknowledged: false, ...decision.facts }
}

test('an open incident is updated when another region joins or fails otherwise, and only then', () => {
  const policy = check({ regions: 'any' })
  const before = [vote('a', 'down'), vote('b', 'up')]
  const open = asOpen(before)
  expect(judge(policy, before, open, now + 1000).action).toBe('nothing')
  expect(judge(policy, [vote('a', 'down'), vote('b', 'down')], open, now).action).toBe('update')
  const timeout = vote('a', 'down', { error: explain('tcp_timeout', 'no answer') })
  expect(judge(policy, [timeout, vote('b', 'up')], open, now)).toMatchObject({
    action: 'update',
    facts: { code: 'tcp_timeout' },
  })
  const said = vote('a', 'down', { error: explain('tcp_refused', 'in other words') })
  expect(judge(policy, [said, vote('b', 'up')], open, now).action).toBe('nothing')
})

test('a slot that was missed is no result', () => {
  const silent = { missed: 2 }
  expect(judge(check(), [vote('a', 'down', silent), vote('b', 'up')], null, now).action).toBe('nothing')
  expect(judge(check(), [vote('a', 'down', silent)], asOpen([vote('a', 'down')]), now).action).toBe('nothing')
  const late = vote('a', 'down', { missed: 1, error: explain('expired', 'too late') })
  expect(judge(check(), [late], asOpen([vote('a', 'down')]), now).action).toBe('nothing')
  expect(judge(check(), [late, vote('b', 'down')], null, now)).toMatchObject({
    action: 'open',
    facts: { code: 'tcp_refused', summary: expect.stringContaining('down in 2 of 2 regions: tcp_refused: ') as string },
  })
  expect(judge(check(), [late], null, now)).toMatchObject({ facts: { summary: 'shop is down in 1 of 1 region' } })
})

test('the votes of a region that is at fault itself are set aside', () => {
  const suspects = new Set(['a'])
  const votes = [vote('a', 'down'), vote('b', 'up')]
  expect(judge(check({ regions: 'any' }), votes, null, now, { suspects }).action).toBe('nothing')
  expect(judge(check({ regions: 'any' }), votes, asOpen(votes), now, { suspects }).action).toBe('resolve')
  expect(judge(check(), [vote('a', 'down')], asOpen([vote('a', 'down')]), now, { suspects }).action).toBe('nothing')
  expect(judge(check(), [vote('a', 'down'), vote('b', 'down')], null, now, { suspects })).toMatchObject({
    action: 'open',
    facts: {
      summary: 'shop is down in 1 of 1 region: tcp_refused: nothing listens on 192.0.2.1:443',
      cause: expect.stringMatching(/What a says is set aside/),
      regions: [{ region: 'a', state: 'unknown', message: expect.stringMatching(/set aside/) }, { region: 'b' }],
    },
  })
})

test('while many checks fail in a region it is judged first', () => {
  const inDoubt = new Set(['a'])
  expect(judge(check(), [vote('a', 'down')], null, now, { inDoubt }).action).toBe('nothing')
  expect(judge(check(), [vote('b', 'down')], null, now, { inDoubt }).action).toBe('open')
})

test('a check whose parent is down, or about to be, opens none of its own', () => {
  const parent = { key: 'gateway', isDown: true, failingUntilMs: null }
  const votes = [vote('a', 'down')]
  expect(judge(check(), votes, null, now, { parents: [parent] })).toMatchObject({
    why: expect.stringMatching(/gateway/),
  })
  const failing = { key: 'gateway', isDown: false, failingUntilMs: now + 1 }
  expect(judge(check(), votes, null, now, { parents: [failing] }).action).toBe('nothing')
  expect(judge(check(), votes, null, now + 1, { parents: [failing] }).action).toBe('open')
  // Open before its parent went down, it goes on, and is not told again.
  const joined = [vote('a', 'down'), vote('b', 'down')]
  expect(judge(check(), joined, asOpen(votes), now, { parents: [parent] })).toMatchObject({
    action: 'update',
    tell: false,
  })
})

test('a parent lists its children, and tells nobody again as they come and go', () => {
  const votes = [vote('a', 'down')]
  const open = asOpen(votes, { children: ['web', 'api'] })
  expect(open.summary).toMatch(/With it, as they depend on it: api, web$/)
  expect(judge(check(), votes, open, now, { children: ['api', 'web'] }).action).toBe('nothing')
  expect(judge(check(), votes, open, now, { children: ['web'] })).toMatchObject({ action: 'update', tell: false })
})

test('a check that changes too often is one incident until it has held still', () => {
  const minute = 60_000
  const openings = [now - 20 * minute, now - 10 * minute]
  const votes = (atMs: number, verdict: RegionVote['verdict']) => [vote('a', verdict, { lastSlotMs: atMs })]
  let open = asOpen(votes(now, 'down'), { openings })
  expect(open.summary).toMatch(/flapping: down for the 3rd time/)
  const step = (atMs: number, verdict: RegionVote['verdict']) => {
    const decision = judge(check(), votes(atMs, verdict), open, atMs, { openings })
    if (decision.action === 'update') open = { ...open, ...decision.facts }
    return decision
  }
  expect(step(now + minute, 'up')).toMatchObject({ action: 'update', tell: false })
  expect(step(now + 2 * minute, 'up').action).toBe('nothing')
  expect(step(now + 3 * minute, 'down')).toMatchObject({ action: 'update', tell: false })
  expect(open.summary).toMatch(/down for the 4th time/)
  expect(step(now + 4 * minute, 'up').action).toBe('update')
  expect(step(now + 13 * minute, 'up').action).toBe('nothing')
  expect(step(now + 14 * minute, 'up')).toMatchObject({ action: 'resolve', why: 'it has held still' })
  expect(asOpen(votes(now, 'down'), { openings: [now - 90 * minute, now - minute] }).summary).not.toMatch(/flapping/)
})

test('a first good result below the threshold changes nothing', () => {
  const open = asOpen([vote('a', 'down')])
  expect(judge(check(), [vote('a', 'down', { error: null })], open, now).action).toBe('nothing')
})

test('a check that is on its way up when its parent is, or when maintenance ends, opens nothing any more', () => {
  const recovering = vote('a', 'down', { error: null })
  expect(judge(check(), [recovering], null, now).action).toBe('nothing')
  expect(judge(check(), [recovering, vote('b', 'down', { error: null })], null, now).action).toBe('nothing')
  expect(judge(check(), [recovering, vote('b', 'down')], null, now).action).toBe('open')
})

test('it is resolved by regions that are up, and never by silence', () => {
  const open = asOpen([vote('a', 'down')])
  expect(judge(check(), [vote('a', 'up')], open, now).action).toBe('resolve')
  expect(judge(check(), [vote('a', 'down', { lastSlotMs: now - 999_000 })], open, now).action).toBe('nothing')
  expect(judge(check({ down: { enabled: false } }), [vote('a', 'down')], open, now).action).toBe('resolve')
})

test('an incident of a check that is disabled is resolved', () => {
  const votes = [vote('a', 'down')]
  expect(judge({ ...check(), enabled: false }, votes, asOpen(votes), now).action).toBe('resolve')
  expect(judge({ ...check(), enabled: false }, votes, null, now).action).toBe('nothing')
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
      let open: OpenIncident | null = null
      const policy = check({ regions: quorum })
      for (const votes of steps) {
        const seen = votes.map(({ region, verdict, ageMs, code }) =>
          vote(region, verdict, {
            lastSlotMs: now - ageMs,
            error: verdict === 'down' ? explain(code as 'tcp_refused', 'x') : null,
          }),
        )
        const decision = judge(policy, seen, open, now)
        if (decision.action === 'open') expect(open).toBeNull()
        if (decision.action === 'update' || decision.action === 'resolve') expect(open).not.toBeNull()
        if (decision.action === 'open' || decision.action === 'update')
          open = { subject: '', openedMs: now, acknowledged: false, ...decision.facts }
        if (decision.action === 'resolve') open = null
        expect(judge(policy, seen.toReversed(), open, now).action).toBe('nothing')
      }
    }),
  )
})

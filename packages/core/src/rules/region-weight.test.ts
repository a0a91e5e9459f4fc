import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeRegionSuspect } from './region-suspect.ts'
import { doubtOf, type RegionWitness, weighRegion } from './region-weight.ts'

const now = Date.parse('2026-01-05T10:00:00Z')
const witness = (host: string, own: Partial<RegionWitness> = {}): RegionWitness => ({
  host,
  intervalMs: 30_000,
  lastSlotMs: now - 5000,
  failingSinceMs: null,
  isDown: false,
  code: null,
  elsewhere: 'nobody',
  ...own,
})
const some = (count: number, name: string, own: Partial<RegionWitness> = {}) =>
  Array.from({ length: count }, (_, index) => witness(`${name}${index}.example`, own))
const failing = (elsewhere: RegionWitness['elsewhere'], own: Partial<RegionWitness> = {}) =>
  ({ failingSinceMs: now - 20_000, code: 'tcp_timeout', elsewhere, ...own }) as const
const longAgo = failing('good', { failingSinceMs: now - 86_400_000 })
const notSince = { lastSlotMs: now - 25_000 }

test.each<[string, RegionWitness[], 'sick' | 'doubt' | undefined]>([
  ['nothing', [], undefined],
  ['all is fine', some(20, 'fine'), undefined],
  ['ten fail that others reach', some(10, 'sick', failing('good')), 'sick'],
  ['ten of fifteen fail that others reach', [...some(10, 'sick', failing('good')), ...some(5, 'fine')], 'sick'],
  ['ten of thirty fail that others reach', [...some(10, 'sick', failing('good')), ...some(20, 'fine')], undefined],
  ['four fail that others reach', some(4, 'sick', failing('good')), undefined],
  ['ten fail everywhere', some(10, 'out', failing('bad')), undefined],
  [
    'ten fail everywhere and five here alone',
    [...some(10, 'out', failing('bad')), ...some(5, 'x', failing('good'))],
    undefined,
  ],
  ['ten fail, and others have not looked yet', some(10, 'x', failing('pending')), 'doubt'],
  ['ten checks of one host', Array.from({ length: 10 }, () => witness('one.example', failing('good'))), undefined],
  ['ten have failed since yesterday', [...some(10, 'old', longAgo), ...some(20, 'fine')], undefined],
  [
    'ten fail now and ten since yesterday',
    [...some(10, 'old', longAgo), ...some(10, 'x', failing('good')), ...some(5, 'fine')],
    'sick',
  ],
  [
    'ten fail, and the rest was not probed since',
    [...some(10, 'x', failing('good')), ...some(90, 'slow', notSince)],
    'sick',
  ],
  ['alone, all ten fail', some(10, 'x', failing('nobody')), 'sick'],
  ['alone, ten of twelve fail', [...some(10, 'x', failing('nobody')), ...some(2, 'fine')], undefined],
  [
    'alone, all ten answer with an error of their own',
    some(10, 'x', failing('nobody', { code: 'http_status' })),
    undefined,
  ],
])('%s', (_, witnesses, expected) => {
  expect(weighRegion(witnesses)?.is).toBe(expected)
  expect(weighRegion(witnesses.toReversed())?.is).toBe(expected)
})

test('what is weighed says since when, which hosts and with which code', () => {
  const out = some(2, 'out', failing('bad'))
  expect(weighRegion([...some(6, 'sick', failing('good')), ...out, ...some(1, 'fine')])?.weight).toEqual({
    sinceMs: now - 20_000,
    failing: ['sick0.example', 'sick1.example', 'sick2.example', 'sick3.example', 'sick4.example', 'sick5.example'],
    others: 3,
    disagreed: 6,
    code: 'tcp_timeout',
  })
})

const witnesses = fc.array(
  fc.record({
    host: fc.integer({ min: 0, max: 25 }).map((number) => `${number}.example`),
    intervalMs: fc.constantFrom(10_000, 60_000),
    lastSlotMs: fc.integer({ min: 0, max: 12 }).map((slots) => now - slots * 5000),
    run: fc.option(fc.integer({ min: 0, max: 6 })),
    isDown: fc.boolean(),
    code: fc.constantFrom('tcp_timeout', 'http_status'),
    elsewhere: fc.constantFrom('good', 'bad', 'pending', 'nobody'),
  }),
  { maxLength: 60 },
)

/** As they are told apart where there are many: those that fail or are down, the checks of their hosts, and all others by number. */
function apart(all: readonly RegionWitness[], bounds: readonly number[]) {
  const hosts = new Set(all.filter((one) => one.failingSinceMs !== null || one.isDown).map(({ host }) => host))
  const others = Map.groupBy(
    all.filter(({ host }) => !hosts.has(host)),
    ({ host }) => host,
  )
  const newest = [...others.values()].map((own) => Math.max(...own.map(({ lastSlotMs }) => lastSlotMs)))
  const fine = newest.flatMap((atMs) => {
    const lastSlotMs = Math.max(...bounds.filter((boundMs) => boundMs <= atMs))
    return Number.isFinite(lastSlotMs) ? [{ lastSlotMs, hosts: 1 }] : []
  })
  return { witnesses: all.filter(({ host }) => hosts.has(host)), fine }
}

test('hosts that are fine weigh the same one by one and by number, and more than doubtOf asks for weigh it down', () => {
  fc.assert(
    fc.property(witnesses, fc.integer({ min: 0, max: 12 }), (drawn, slots) => {
      const all = drawn.map(({ run, ...same }) => ({
        ...same,
        failingSinceMs: run === null ? null : same.lastSlotMs - run * same.intervalMs,
        elsewhere: run === null ? ('nobody' as const) : same.elsewhere,
      }))
      const found = weighRegion(all)
      const byNumber = apart(
        all,
        all.flatMap(({ failingSinceMs }) => failingSinceMs ?? []),
      )
      expect(weighRegion(byNumber.witnesses, byNumber.fine)).toEqual(found)
      const doubt = doubtOf(all.filter(({ failingSinceMs, isDown }) => failingSinceMs !== null || isDown))
      if (doubt === null) expect(found).toBeNull()
      else expect(weighRegion(all, [{ lastSlotMs: doubt.sinceMs, hosts: doubt.hosts + 1 }])).toBeNull()
      const sinceMs = now - slots * 5000
      const open = {
        subject: 'eu',
        openedMs: now,
        acknowledged: false,
        memory: { sinceMs, wellSinceMs: null },
      } as const
      const told = { ...open, code: null, summary: '', cause: null, remedy: null, regions: [] }
      expect(judgeRegionSuspect({ region: 'eu', ...apart(all, [sinceMs]) }, told, now)).toEqual(
        judgeRegionSuspect({ region: 'eu', witnesses: all }, told, now),
      )
    }),
    { numRuns: 500 },
  )
})

import { expect, test } from 'vitest'
import { type RegionWitness, weighRegion } from './region-weight.ts'

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

import { aCheck } from '@sonde/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchesOf, batchSize, type Scheduled, scheduled } from './batches.ts'

const start = Date.parse('2026-01-05T10:00:00Z')

function entries(count: number, interval: string, regions: string[]): Scheduled[] {
  return Array.from(
    { length: count },
    (_, id) => scheduled(id, aCheck({ key: `c-${id}`, interval }), regions) as Scheduled,
  )
}

const slotsIn = (batches: ReturnType<typeof batchesOf>) =>
  [...batches.values()]
    .flat()
    .flatMap(({ data }) => data.probes.map(({ checkId, slotMs }) => `${data.region} ${checkId} ${slotMs}`))

test('ticks one after another hand out every slot of every check and region exactly once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 150 }),
      fc.constantFrom('1s', '7s', '30s'),
      fc.integer({ min: 1, max: 40 }),
      (count, interval, ticks) => {
        const all = entries(count, interval, ['eu', 'us'])
        const apart = Array.from({ length: ticks }, (_, tick) =>
          batchesOf(all, start + tick * 1000, start + (tick + 1) * 1000),
        ).flatMap(slotsIn)
        const atOnce = slotsIn(batchesOf(all, start, start + ticks * 1000))
        expect(apart.toSorted()).toEqual(atOnce.toSorted())
        expect(new Set(apart).size).toBe(apart.length)
      },
    ),
    { numRuns: 50 },
  )
})

test('a batch holds one region, at most 64 probes, in the order of their slots', () => {
  const batches = batchesOf(entries(500, '1s', ['eu', 'us']), start, start + 1000)
  expect([...batches.keys()].sort()).toEqual(['eu', 'us'])
  for (const { data } of [...batches.values()].flat()) {
    expect(data.probes.length).toBeLessThanOrEqual(batchSize)
    const slots = data.probes.map(({ slotMs }) => slotMs)
    expect(slots).toEqual(slots.toSorted((a, b) => a - b))
  }
})

test('whoever computes a tick again names its jobs the same', () => {
  const ids = (all: Scheduled[]) => [...batchesOf(all, start, start + 1000).values()].flat().map(({ id }) => id)
  const all = entries(200, '2s', ['eu'])
  expect(ids(all.toReversed())).toEqual(ids(all))
  expect(ids(all)[0]).toBe(`eu-${start}-0`)
})

test('a check that is not enabled, or has none of the regions, has no slots', () => {
  expect(scheduled(1, aCheck({ key: 'off', enabled: false }), ['eu'])).toBeUndefined()
  const elsewhere = scheduled(1, aCheck({ key: 'mars', regions: ['mars'] }), ['eu']) as Scheduled
  expect(batchesOf([elsewhere], start, start + 5000).size).toBe(0)
})

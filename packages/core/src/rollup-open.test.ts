import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aResult } from './result.fixture.ts'
import { emptyRollup, mergeRollups, rollupOf, spanStart } from './rollup.ts'
import { encodeRollup } from './rollup-codec.ts'
import { advanceSpan, type OpenSpan } from './rollup-open.ts'

const one = rollupOf(aResult(), false)

test('results of the open span stay open; the first of a later one closes it', () => {
  const first = advanceSpan(null, [
    { slotMs: 10_000, rollup: one },
    { slotMs: 20_000, rollup: one },
  ])
  expect(first).toMatchObject({ open: { startMs: 0, rollup: { up: 2 } }, finished: [] })
  const second = advanceSpan(first.open, [{ slotMs: 300_000, rollup: one }])
  expect(second).toMatchObject({
    open: { startMs: 300_000, rollup: { up: 1 } },
    finished: [{ startMs: 0, rollup: { up: 2 } }],
  })
})

test('a late result goes past the open span', () => {
  const before = { startMs: 600_000, rollup: encodeRollup(one) }
  const { open, finished } = advanceSpan(before, [{ slotMs: 5000, rollup: one }])
  expect(open).toEqual(before)
  expect(finished).toEqual([{ startMs: 0, rollup: one }])
})

test('in whatever chunks and order results come, each is counted once in its own span', () => {
  const slots = fc.array(fc.integer({ min: 0, max: 2_000_000 }), { maxLength: 30 })
  fc.assert(
    fc.property(fc.array(slots, { maxLength: 6 }), (chunks) => {
      const stored = new Map<number, number>()
      const store = ({ startMs, rollup }: { startMs: number; rollup: { up: number } }) =>
        stored.set(startMs, (stored.get(startMs) ?? 0) + rollup.up)
      let open: OpenSpan | null = null
      for (const chunk of chunks) {
        const next = advanceSpan(
          open,
          chunk.map((slotMs) => ({ slotMs, rollup: one })),
        )
        next.finished.forEach(store)
        open = next.open
      }
      if (open !== null) store(open)
      const expected = Map.groupBy(chunks.flat(), (slotMs) => spanStart('5m', slotMs))
      expect(stored).toEqual(new Map([...expected].map(([startMs, all]) => [startMs, all.length])))
    }),
  )
})

test('a miss that is taken back leaves nothing', () => {
  const missed = { ...emptyRollup, missed: 1, codes: { expired: 1 } }
  expect(mergeRollups([missed, { ...emptyRollup, missed: -1, codes: { expired: -1 } }, one])).toEqual({ ...one })
})

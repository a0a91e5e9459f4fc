import { expect, test } from 'vitest'
import { runOf, seenElsewhere } from './region-run.ts'

const minute = 60_000
const now = Date.parse('2026-01-05T10:00:00Z')
const at = (minutesAgo: number) => now - minutesAgo * minute
const bad = (since: number, last: number) => ({ good: false, sinceMs: at(since), lastMs: at(last) })
const good = (since: number, last: number) => ({ good: true, sinceMs: at(since), lastMs: at(last) })

test.each<[string, ReturnType<typeof bad>, ReturnType<typeof bad>[], string]>([
  ['good there meanwhile', bad(3, 1), [good(90, 2)], 'good'],
  ['bad there too', bad(3, 1), [bad(2, 2)], 'bad'],
  ['good in one of two', bad(3, 1), [bad(2, 2), good(90, 2)], 'good'],
  ['not looked again yet', bad(1, 1), [good(90, 2)], 'pending'],
  ['good there again, and not looked at again here', bad(3, 2), [good(1, 1)], 'pending'],
  ['good there before and after', bad(2, 2), [good(90, 1)], 'good'],
  ['nobody looks', bad(3, 1), [], 'nobody'],
])('%s', (_, own, others, expected) => {
  expect(seenElsewhere(own, others)).toBe(expected)
})

test('a run begins with the first of its results in a row, and missed slots behind it do not count', () => {
  const state = { lastSlotMs: at(1), failures: 3, successes: 0, missed: 0 }
  expect(runOf(state, minute, now)).toEqual(bad(3, 1))
  expect(runOf({ ...state, missed: 1 }, minute, now)).toEqual(bad(4, 2))
  expect(runOf({ ...state, missed: 2 }, minute, now)).toBeNull()
  expect(runOf({ ...state, failures: 0, successes: 2 }, minute, now)).toEqual(good(2, 1))
  expect(runOf({ ...state, lastSlotMs: at(3) }, minute, now)).toBeNull()
})

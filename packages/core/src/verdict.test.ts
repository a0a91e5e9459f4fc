import fc from 'fast-check'
import { expect, test } from 'vitest'
import { advance, freshState, quorum, type RegionState } from './verdict.ts'

const policy = { failureThreshold: 2, successThreshold: 3 }

function after(
  outcomes: string,
  from: RegionState = freshState,
  thresholds: Parameters<typeof advance>[2] = policy,
): RegionState {
  const names = { u: 'up', d: 'down', m: 'missed' } as const
  return outcomes
    .split('')
    .reduce(
      (state, letter, index) =>
        advance(state, { outcome: names[letter as keyof typeof names], slotMs: 1000 + index }, thresholds),
      from,
    )
}

const histories: [outcomes: string, verdict: RegionState['verdict']][] = [
  ['', 'unknown'],
  ['m', 'unknown'],
  ['u', 'up'],
  ['d', 'unknown'],
  ['dd', 'down'],
  ['ud', 'up'],
  ['udd', 'down'],
  ['udmd', 'down'],
  ['ududud', 'up'],
  ['dduu', 'down'],
  ['dduuu', 'up'],
  ['dduduu', 'down'],
]

test.each(histories)('after "%s" a region is %s', (outcomes, verdict) => {
  expect(after(outcomes).verdict).toBe(verdict)
})

const ofFive = { failureThreshold: { failures: 3, of: 5 }, successThreshold: 2 }
test.each<[outcomes: string, verdict: RegionState['verdict']]>([
  ['udud', 'up'],
  ['ududud', 'down'],
  ['duuddud', 'down'],
  ['duuuduud', 'up'],
  ['dmdmd', 'down'],
  ['ddduu', 'down'],
  ['ddduuu', 'up'],
])('with three of the last five, after "%s" a region is %s', (outcomes, verdict) => {
  expect(after(outcomes, freshState, ofFive).verdict).toBe(verdict)
})

test('what of the last results need not be known is forgotten', () => {
  expect(after('duddddud', freshState, ofFive).outcomes).toBe('11101')
  expect(after('duuuuu', freshState, ofFive).outcomes).toBe('')
  expect(after('dudd').outcomes).toBe('')
})

test('slots whose probe never ran are counted until one runs', () => {
  expect(after('umm').missed).toBe(2)
  expect(after('ummd').missed).toBe(0)
})

test('a repeated or late result changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('u', 'd', 'm'), { minLength: 1 }), fc.nat(), (letters, pick) => {
      const state = after(letters.join(''))
      const slotMs = 1000 + (pick % letters.length)
      expect(advance(state, { outcome: 'down', slotMs }, policy)).toBe(state)
    }),
  )
})

test('since is the slot that decided the verdict', () => {
  expect(after('uudd').sinceMs).toBe(1003)
  expect(after('uuddd').sinceMs).toBe(1003)
})

const votes: [
  verdicts: RegionState['verdict'][],
  regions: 'any' | 'majority' | 'all' | number,
  verdict: RegionState['verdict'],
][] = [
  [[], 'any', 'unknown'],
  [['unknown'], 'any', 'unknown'],
  [['down', 'up', 'up'], 'any', 'down'],
  [['down', 'up', 'up'], 'majority', 'up'],
  [['down', 'down', 'up'], 'majority', 'down'],
  [['down', 'up'], 'majority', 'up'],
  [['down', 'down', 'up'], 'all', 'up'],
  [['down', 'unknown'], 'all', 'down'],
  [['down', 'down', 'up', 'up'], 2, 'down'],
  [['down', 'up', 'up', 'up'], 2, 'up'],
]

test.each(votes)('%j with regions: %s is %s', (verdicts, regions, verdict) => {
  expect(quorum(verdicts, { regions })).toBe(verdict)
})

import { expect, test } from 'vitest'
import { burnRate, sloOf } from './slo.ts'

const counts = { up: 9990, down: 10, missed: 40, maintenance: 60 }

test('just as many failures as the objective allows leave nothing of the budget', () => {
  const { availability, budget } = sloOf(counts, 0.999)
  expect(availability).toBeCloseTo(0.999, 12)
  expect(budget.allowed).toBeCloseTo(10, 6)
  expect(budget.left).toBeCloseTo(0, 6)
})

test('unknown and maintenance time spend none of the budget and are told apart', () => {
  const slo = sloOf(counts, 0.99)
  expect(slo).toMatchObject({ good: 9990, bad: 10, unknown: 40, maintenance: 60 })
  expect(slo.budget.leftRatio).toBeCloseTo(0.9, 6)
  expect(sloOf({ ...counts, missed: 0, maintenance: 0 }, 0.99).budget).toEqual(slo.budget)
})

test('more failures than allowed overdraw the budget', () => {
  expect(sloOf({ up: 980, down: 20, missed: 0, maintenance: 0 }, 0.99).budget.leftRatio).toBeCloseTo(-1, 6)
})

test('the burn rate is 1 when failures come as fast as the objective allows', () => {
  expect(burnRate({ up: 999, down: 1 }, 0.999)).toBeCloseTo(1, 6)
  expect(burnRate({ up: 0, down: 5 }, 0.999)).toBeCloseTo(1000, 6)
  expect(burnRate({ up: 5, down: 0 }, 0.999)).toBe(0)
})

test('nothing judged has no availability, no burn rate and an empty budget', () => {
  const slo = sloOf({ up: 0, down: 0, missed: 9, maintenance: 0 }, 0.999)
  expect(slo.availability).toBeNull()
  expect(slo.budget).toEqual({ allowed: 0, left: 0, leftRatio: null })
  expect(burnRate({ up: 0, down: 0 }, 0.999)).toBeNull()
})

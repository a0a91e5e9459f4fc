import { expect, test } from 'vitest'
import { BudgetSpent, WorkBudget } from './work-budget.ts'

function forEver(): never {
  for (;;);
}

test('stops what never ends, and leaves nothing for what comes after', () => {
  const budget = new WorkBudget(50)
  expect(budget.run(() => 7)).toBe(7)
  const startMs = performance.now()
  expect(() => budget.run(forEver)).toThrow(BudgetSpent)
  expect(() => budget.run(() => 7)).toThrow('not judged: it would take more than 50 ms')
  expect(performance.now() - startMs).toBeLessThan(1000)
})

test('an error of the work itself is passed on', () => {
  const budget = new WorkBudget(1000)
  const error = new Error('of the work')
  expect(() =>
    budget.run(() => {
      throw error
    }),
  ).toThrow(error)
  expect(budget.run(() => undefined)).toBeUndefined()
})

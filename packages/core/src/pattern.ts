import { RE2JS } from 're2js'
import { CompiledCache } from './compiled-cache.ts'
import type { WorkBudget } from './work-budget.ts'

const maxLength = 1024
// Repeats multiply: `[a-z]{1000}` is a thousand steps, each of which may be alive at every letter of a text.
const maxSteps = 5000

const compiled = new CompiledCache((text) => RE2JS.compile(text), 1000)

/** Why a text is not a pattern that we take (RE2 syntax, bounded in length and size), or undefined when it is one. */
export function patternProblem(text: string): string | undefined {
  if (text.length > maxLength) return `expected a pattern of at most ${maxLength} characters, found ${text.length}`
  try {
    const steps = compiled.get(text).programSize()
    if (steps <= maxSteps) return undefined
    compiled.forget(text)
    return `expected a pattern of at most ${maxSteps} steps, found ${steps}: make its repeats smaller`
  } catch (error) {
    return `expected a pattern in RE2 syntax: ${error instanceof Error ? error.message : String(error)}`
  }
}

// Without a DFA every step may look at every letter, at some 20 ns: this is 0.1 s.
const quickWork = 5_000_000

/**
 * Whether a pattern in RE2 syntax is found in a text. No backtracking, and where a long text meets a large pattern within the
 * budget: throws `BudgetSpent` beyond it.
 */
export function isFound(pattern: string, text: string, budget: WorkBudget): boolean {
  const regex = compiled.get(pattern)
  if (text.length * regex.programSize() <= quickWork) return regex.test(text)
  try {
    return budget.run(() => regex.test(text))
  } catch (error) {
    compiled.forget(pattern)
    throw error
  }
}

/** Whether the pattern is found in the text of any of the values, within the budget. */
export function isFoundInAny<Value>(
  pattern: string,
  values: readonly Value[],
  textOf: (value: Value) => string,
  budget: WorkBudget,
): boolean {
  const regex = compiled.get(pattern)
  try {
    return budget.run(() => values.some((value) => regex.test(textOf(value))))
  } catch (error) {
    compiled.forget(pattern)
    throw error
  }
}

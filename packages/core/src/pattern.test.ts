import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFound, patternProblem } from './pattern.ts'
import { WorkBudget } from './work-budget.ts'

test.each([
  ['(', 'expected a pattern in RE2 syntax: '],
  ['(?=a)', 'expected a pattern in RE2 syntax: '],
  ['a'.repeat(1025), 'expected a pattern of at most 1024 characters, found 1025'],
  ['[a-z]{1000}'.repeat(6), 'expected a pattern of at most 5000 steps, found 6002: make its repeats smaller'],
  ['a{1001}', 'expected a pattern in RE2 syntax: '],
])('refuses %s', (pattern, problem) => {
  expect(patternProblem(pattern)).toContain(problem)
  expect(patternProblem(pattern)).toContain(problem)
})

test('finds what the engine of JavaScript finds, for patterns that both read alike', () => {
  const piece = fc.constantFrom('a', 'b', '.', 'a*', 'b+', '[ab]', '(?:ab)?', '^', '$', 'a|b', '\\d', 'a{2,3}')
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 5 }),
      fc.string({ unit: fc.constantFrom('a', 'b', '1'), maxLength: 12 }),
      (pieces, text) => {
        const pattern = pieces.join('')
        expect(isFound(pattern, text, new WorkBudget(1000))).toBe(new RegExp(pattern).test(text))
      },
    ),
  )
})

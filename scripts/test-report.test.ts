import { expect, test } from 'vitest'
import { countTests, summary } from './test-report.ts'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((one) => ({ status: one })),
})
const report = (...testResults: ReturnType<typeof file>[]) => JSON.stringify({ testResults })

test.for([
  ['nothing failed', report(file('passed', 'passed', 'passed'), file('passed', 'passed')), '3 passed, 0 failed'],
  ['a test failed', report(file('failed', 'passed', 'failed')), '1 passed, 1 failed'],
  [
    'tests were skipped',
    report(file('passed', 'passed', 'skipped', 'pending', 'todo')),
    '1 passed, 0 failed, 3 skipped',
  ],
  ['a file failed before its tests', report(file('failed'), file('passed', 'passed')), '1 passed, 1 failed'],
  ['there is no report', '', '0 passed, 1 failed'],
] as const)('the line when %s', ([, json, line]) => {
  expect(summary(countTests(json))).toBe(line)
})

import { hasRedis } from '@sonde/testkit'
import { describe, expect, test } from 'vitest'
import { faults } from './faults/index.ts'
import { runFaults } from './run.ts'

// The other tests want the processor too: with longer intervals a probe may be later, and still is none that was missed.
// The faults that are most worth their time, on two stacks beside each other: each waits most of its time.
describe.skipIf(!hasRedis())('the short chaos run', { timeout: 300_000, concurrent: true }, () => {
  test.each([1, 2])('whatever breaks, every slot has one row and work resumes in time (stack %i)', async (stack) => {
    const chosen = faults.filter(({ short }) => short === stack)
    const verdicts = await runFaults(chosen, { length: 'short', checks: 24, intervals: ['2s', '3s'], queue: 'redis' })
    expect(verdicts.filter(({ complaints }) => complaints.length > 0)).toEqual([])
    expect(verdicts).toHaveLength(chosen.length + 1)
    for (const { due } of verdicts) expect(due).toBeGreaterThan(50)
  })
})

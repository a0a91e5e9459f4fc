import { hasRedis } from '@sonde/testkit'
import { describe, expect, test } from 'vitest'
import { faults } from './faults.ts'
import { isGood, runFaults } from './run.ts'

describe.skipIf(!hasRedis())('the short chaos run', { timeout: 300_000 }, () => {
  test('whatever breaks, every slot has one row, nobody stays dead, and work resumes in time', async () => {
    const chosen = faults.filter(({ short }) => short === true)
    const verdicts = await runFaults(chosen, () => undefined)
    expect(verdicts.filter((verdict) => !isGood(verdict))).toEqual([])
    expect(verdicts).toHaveLength(chosen.length)
    for (const { due } of verdicts) expect(due).toBeGreaterThan(50)
  })
})

import { explain } from '@sonde/core'
import { aCheck, aResult } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { resultLines } from './result-line.ts'

const check = aCheck({ key: 'shop' })
const at = Date.parse('2026-01-05T10:00:00Z')

test('a line has time, region, check, verdict, duration and phases', () => {
  const phases = { dnsMs: 1.23, connectMs: 4, tlsMs: null, ttfbMs: 20, transferMs: 0.5 }
  expect(resultLines([aResult(check, at, { phases })], at)).toEqual([
    expect.stringMatching(
      /^\d\d:\d\d:\d\d {2}local +shop +up +1[23] ms {2}dns 1\.2 {2}connect 4\.0 {2}ttfb 20\.0 {2}transfer 0\.5 ms$/,
    ),
  ])
})

test('what a target sent cannot steer the terminal', () => {
  const error = explain('http_status', 'answered 500 \u001b[2J\nforged line')
  const [line] = resultLines([aResult(check, at, { outcome: 'down', error })], at)
  expect(line).toContain('down http_status')
  expect(line).toContain('\\u001b[2J\\u000aforged line')
})

test('what was missed before the start is one line, what is missed later a line each', () => {
  const missed = (slotMs: number) =>
    aResult(check, slotMs, { outcome: 'missed', error: explain('no_worker', 'nobody was there') })
  const lines = resultLines([missed(at - 2000), missed(at - 1000), missed(at + 1000)], at)
  expect(lines).toEqual([
    '2 slots that fell due while Sonde did not run are told as missed.',
    expect.stringContaining('missed no_worker'),
  ])
})

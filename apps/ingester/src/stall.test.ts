import { expect, test } from 'vitest'
import { Stall } from './stall.ts'

test('a stall is told when it begins, once a minute and when it is over, with PostgreSQL’s own words', () => {
  const lines: string[] = []
  const log = { warn: (line: string) => lines.push(line), info: (line: string) => lines.push(line) }
  let now = 1000
  const stall = new Stall(log as never, 'take results', () => now)
  const full = new Error('Failed query: insert …', {
    cause: Object.assign(new Error('could not extend file "base/1/2": No space left on device'), { code: '53100' }),
  })
  stall.worked()
  for (; now < 131_000; now += 1000) stall.failed(full)
  expect(stall.lasts).toBe(true)
  stall.worked()
  stall.worked()
  expect(stall.lasts).toBe(false)
  const line =
    'the database does not take results: could not extend file "base/1/2": No space left on device (53100); trying again every second'
  expect(lines).toEqual([line, line, line, 'the database does take results again, after 130 s'])
})

import { cadence, slotsBetween } from '@sonde/core'
import { expect, test } from 'vitest'
import { compareWithHistory, type History, type Version } from './history.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const everySecond: Version = { intervalMs: 1000, regions: ['eu', 'us'], enabled: true }
const everyThree: Version = { ...everySecond, intervalMs: 3100 }
const off: Version = { ...everySecond, enabled: false }

const slots = (version: Version, from: number, to: number) =>
  version.regions.flatMap((region) =>
    slotsBetween(cadence(7, region, version.intervalMs), start + from * 1000, start + to * 1000).map(
      (slot) => `${region} ${slot}`,
    ),
  )

const edited = (...edits: [Version, after: number, before: number][]): History => ({
  key: 'a',
  first: everySecond,
  edits: edits.map(([version, after, before]) => ({
    version,
    afterMs: start + after * 1000,
    beforeMs: start + before * 1000,
  })),
})

const compare = (history: History, rows: string[]) => {
  const { silent, invented } = compareWithHistory(history, 7, new Set(rows), start, start + 60_000)
  return { silent: silent.length, invented: invented.length }
}

test('a check without edits has every slot, and what it lacks or has beyond them is told', () => {
  const rows = slots(everySecond, 0, 60)
  expect(compare(edited(), rows)).toEqual({ silent: 0, invented: 0 })
  expect(compare(edited(), rows.slice(3))).toEqual({ silent: 3, invented: 0 })
  expect(compare(edited(), [...rows, `eu ${start + 1}`])).toEqual({ silent: 0, invented: 1 })
})

test.each([10, 14, 20])('an edit may take effect at any second of its span, here %i', (at) => {
  const history = edited([everyThree, 10, 20])
  expect(compare(history, [...slots(everySecond, 0, at), ...slots(everyThree, at, 60)])).toEqual({
    silent: 0,
    invented: 0,
  })
})

test('an edit that is followed too late, or by one region and not yet by the other, is told', () => {
  const history = edited([off, 10, 20])
  expect(compare(history, slots(everySecond, 0, 25)).invented).toBe(10)
  const [eu, us] = ['eu', 'us'].map((region) => ({ ...everySecond, regions: [region] }))
  const apart = [...slots(eu as Version, 0, 12), ...slots(us as Version, 0, 18)]
  const { silent, invented } = compare(history, apart)
  expect(silent + invented).toBe(6)
})

test('a second of both, or of neither, is told', () => {
  const history = edited([everyThree, 10, 20])
  const both = new Set([...slots(everySecond, 0, 16), ...slots(everyThree, 13, 60)])
  expect(compare(history, [...both]).invented).toBeGreaterThan(0)
  expect(compare(history, [...slots(everySecond, 0, 12), ...slots(everyThree, 16, 60)]).silent).toBeGreaterThan(0)
})

test('edits one after another are followed in their order, also those from before the span', () => {
  const history = edited([off, -30, -20], [everyThree, 5, 15], [off, 30, 40])
  expect(compare(history, slots(everyThree, 9, 37))).toEqual({ silent: 0, invented: 0 })
  expect(compare(history, slots(everyThree, 9, 60)).invented).toBeGreaterThan(0)
})

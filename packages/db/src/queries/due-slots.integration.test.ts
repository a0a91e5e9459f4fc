import { foldResults, type Result } from '@sonde/core'
import { aCheck, aResult, freshDatabase } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import { createCheck, deleteCheck, findCheck } from './checks.ts'
import { firstMatureMs, notedSlots, recordDueSlots, sweepDueSlots } from './due-slots.ts'
import { ingest } from './ingest.ts'
import { ensureRegions } from './regions.ts'
import { listResults } from './results.ts'
import { advanceHorizon, readSchedule } from './schedule.ts'

const slot = Date.parse('2026-01-05T10:00:00Z')
const marks = { queuedMs: slot, recordedMs: slot + 5000 }
const reason = () => ({ code: 'expired', message: 'lost' }) as const

async function setUp() {
  const fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', max: 8, onError: () => undefined })
  await ensureRegions(db, ['local'])
  await createCheck(db, aCheck({ key: 'a' }))
  const stored = await findCheck(db, 'a')
  if (stored === undefined) throw new Error('not stored')
  const due = (slotsMs: number[], matureAtMs: number) => ({
    region: 'local',
    matureAtMs,
    checkIds: slotsMs.map(() => stored.id),
    slotsMs,
  })
  return {
    db,
    ...stored,
    due,
    outcomes: async () =>
      (await listResults(db, { checkId: stored.id, limit: 100 }))
        .map(({ result }) => `${Date.parse(result.slot) - slot} ${result.outcome}`)
        .sort(),
    [Symbol.asyncDispose]: async () => {
      await close()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

test('a slot that was due and brought no result is told as missed once it is mature, and not before', async () => {
  await using run = await setUp()
  await recordDueSlots(run.db, [run.due([slot, slot + 1000], slot + 3000), run.due([slot + 2000], slot + 5000)], marks)
  await ingest(run.db, [{ checkId: run.id, result: aResult(run.check, slot) }], foldResults)
  expect(await sweepDueSlots(run.db, slot + 2999, reason, foldResults)).toEqual({ missed: [], more: false })
  const { missed } = await sweepDueSlots(run.db, slot + 3000, reason, foldResults)
  expect(missed.map((result: Result) => [Date.parse(result.slot) - slot, result.error?.code])).toEqual([
    [1000, 'expired'],
  ])
  await sweepDueSlots(run.db, slot + 9000, reason, foldResults)
  expect(await run.outcomes()).toEqual(['0 up', '1000 missed', '2000 missed'])
  expect(await sweepDueSlots(run.db, slot + 99_000, reason, foldResults)).toEqual({ missed: [], more: false })
})

test('sweepers at once, and slots noted twice, give each slot one row', async () => {
  await using run = await setUp()
  const slots = Array.from({ length: 50 }, (_, index) => slot + index * 1000)
  await recordDueSlots(
    run.db,
    slots.flatMap((one) => [run.due([one], one), run.due([one], one + 1)]),
    marks,
  )
  const sweeps = await Promise.all(
    Array.from({ length: 6 }, () => sweepDueSlots(run.db, slot + 999_000, reason, foldResults)),
  )
  expect(sweeps.flatMap(({ missed }) => missed)).toHaveLength(50)
  expect(await run.outcomes()).toHaveLength(50)
})

test('a result that comes after its slot was told as missed takes the place of that row, once', async () => {
  await using run = await setUp()
  await recordDueSlots(run.db, [run.due([slot], slot)], marks)
  await sweepDueSlots(run.db, slot, reason, foldResults)
  const late = { checkId: run.id, result: aResult(run.check, slot) }
  expect(await ingest(run.db, [late, late], foldResults)).toHaveLength(1)
  expect(await ingest(run.db, [late], foldResults)).toEqual([])
  expect(await run.outcomes()).toEqual(['0 up'])
})

test('the slots of a check that was deleted meanwhile are forgotten', async () => {
  await using run = await setUp()
  await recordDueSlots(run.db, [run.due([slot], slot)], marks)
  await deleteCheck(run.db, 'a')
  expect(await sweepDueSlots(run.db, slot, reason, foldResults)).toEqual({ missed: [], more: false })
})

test('what was noted is read back by its slots until it is accounted for, and how far it went with it', async () => {
  await using run = await setUp()
  expect(await readSchedule(run.db)).toBeNull()
  await recordDueSlots(run.db, [run.due([slot, slot + 1000], slot + 3000), run.due([slot + 4000], slot + 7000)], marks)
  await recordDueSlots(run.db, [], { queuedMs: slot, recordedMs: slot + 6000 })
  await advanceHorizon(run.db, slot + 1000)
  expect(await readSchedule(run.db)).toEqual({ queuedMs: slot + 1000, recordedMs: slot + 6000 })
  const noted = await notedSlots(run.db, slot + 1000, slot + 6000)
  expect(noted.map(({ slotMs }) => slotMs - slot).toSorted((a, b) => a - b)).toEqual([1000, 4000])
  expect(noted[0]).toMatchObject({ region: 'local', checkId: run.id, check: run.check })
  await sweepDueSlots(run.db, slot + 3000, reason, foldResults)
  expect((await notedSlots(run.db, slot, slot + 6000)).map(({ slotMs }) => slotMs - slot)).toEqual([4000])
})

test('a sweep looks when there will be anything, and of more than it takes at once leaves the rest to the next', async () => {
  await using run = await setUp()
  const groups = Array.from({ length: 250 }, (_, index) => run.due([slot + index * 1000], slot + index))
  expect(await firstMatureMs(run.db)).toBe(null)
  await recordDueSlots(run.db, groups, { queuedMs: slot, recordedMs: slot })
  expect(await firstMatureMs(run.db)).toBe(slot)
  const first = await sweepDueSlots(run.db, slot + 999_000, reason, foldResults)
  expect([first.missed.length, first.more]).toEqual([200, true])
  const second = await sweepDueSlots(run.db, slot + 999_000, reason, foldResults)
  expect([second.missed.length, second.more]).toEqual([50, false])
  expect(await firstMatureMs(run.db)).toBe(null)
})

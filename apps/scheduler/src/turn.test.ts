import { cadence, slotsBetween } from '@sonde/core'
import type { NotedSlot, ScheduleMarks } from '@sonde/db'
import { aCheck } from '@sonde/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Scheduled, scheduled, type TickBatches } from './batches.ts'
import { Pauses } from './pauses.ts'
import {
  isOfAnotherTime,
  nextTick,
  type Progress,
  recordUpTo,
  startingPoint,
  takeOver,
  tickMs,
  tickOf,
  tickQueued,
} from './turn.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const lookaheadMs = 5000
const hourMs = 3_600_000
const regions = ['eu', 'us']

test('a new leader goes on where the last one stopped, notes the gap, and runs none of it that is over', () => {
  const at = (queuedMs: number, recordedMs = queuedMs) =>
    startingPoint({ queuedMs, recordedMs }, start, lookaheadMs, hourMs)
  const fresh = { recorded: start, queued: start, batches: new Map() }
  expect(startingPoint(null, start, lookaheadMs, hourMs)).toEqual(fresh)
  expect(at(start + 3000, start + 5000)).toMatchObject({ recorded: start + 5000, queued: start + 3000 })
  expect(at(start - 60_000)).toMatchObject({ recorded: start - 60_000, queued: start - 60_000 })
  expect(at(start - 9 * hourMs).recorded).toBe(start - hourMs)
  expect(at(start + hourMs)).toEqual(fresh)
})

test('a clock that is set back by less than a minute is waited for, by more it is another time', () => {
  const recorded = tickOf(start) + lookaheadMs + tickMs
  for (const backMs of [0, 1000, 30_000, 58_000])
    expect(isOfAnotherTime(recorded, start - backMs, lookaheadMs)).toBe(false)
  for (const backMs of [61_000, hourMs]) expect(isOfAnotherTime(recorded, start - backMs, lookaheadMs)).toBe(true)
})

type Event =
  | { type: 'pass'; ms: number }
  | { type: 'edit'; check: number; interval: string; regions: string[]; enabled: boolean }
  | { type: 'queue'; open: boolean }
  | { type: 'leader' }

const Event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('pass'), ms: fc.integer({ min: 1, max: 9000 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('edit'),
      check: fc.integer({ min: 0, max: 2 }),
      interval: fc.constantFrom('1s', '2s', '3s', '7s', '60s'),
      regions: fc.constantFrom(['*'], ['eu'], ['us']),
      enabled: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('queue'), open: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('leader') }) },
) as fc.Arbitrary<Event>

/** The database and the queue as far as the schedule knows them, and turns as the leader makes them. */
function world() {
  let now = start
  let queueOpen = true
  let marks: ScheduleMarks | null = null
  const entries = new Map<number, Scheduled | undefined>()
  const noted: NotedSlot[] = []
  const queued: string[] = []
  /** From when on a check has been what: the instant at which the first note after the change began. */
  const cuts: { from: number; check: number; entry: Scheduled | undefined }[] = []
  let pending: number[] = []
  let progress: Progress = startingPoint(null, now, lookaheadMs, hourMs)
  const set = (check: number, interval: string, of: string[], enabled: boolean) => {
    entries.set(check, scheduled(check, aCheck({ key: `c-${check}`, interval, regions: of, enabled }), regions))
    pending.push(check)
  }
  const all = () => [...entries.values()].filter((entry) => entry !== undefined)
  const send = (batches: TickBatches) => {
    for (const jobs of batches.values())
      for (const { data } of jobs)
        for (const { checkId, slotMs } of data.probes) queued.push(`${checkId} ${data.region} ${slotMs}`)
  }
  const turn = async (dieBetween: boolean) => {
    for (const check of pending) cuts.push({ from: progress.recorded, check, entry: entries.get(check) })
    pending = []
    await recordUpTo(
      async (groups, at) => {
        marks = at
        for (const { region, checkIds, slotsMs } of groups)
          for (const [index, checkId] of checkIds.entries())
            noted.push({
              region,
              checkId,
              slotMs: slotsMs[index] as number,
              check: JSON.parse(entries.get(checkId)?.text ?? '{}'),
            })
      },
      all,
      progress,
      tickOf(now + lookaheadMs) + tickMs,
      now - lookaheadMs,
      new Pauses(),
    )
    if (dieBetween) return
    for (;;) {
      const batches = nextTick(progress, now, lookaheadMs)
      if (batches === undefined || !queueOpen) break
      send(batches)
      tickQueued(progress)
    }
    marks = { queuedMs: progress.queued, recordedMs: progress.recorded }
  }
  return {
    set,
    noted,
    queued,
    cuts,
    async happen(event: Event) {
      if (event.type === 'edit') set(event.check, event.interval, event.regions, event.enabled)
      if (event.type === 'queue') queueOpen = event.open
      if (event.type === 'leader') {
        await turn(true)
        progress = startingPoint(marks, now, lookaheadMs, hourMs)
        const from = Math.max(progress.queued, tickOf(now - lookaheadMs))
        takeOver(
          progress,
          noted.filter(({ slotMs }) => slotMs >= from && slotMs < progress.recorded),
        )
      }
      if (event.type !== 'pass') return
      now += event.ms
      await turn(false)
    },
    end: () => progress.recorded,
  }
}

test('through edits, queues that are away and leaders that die, every slot is noted once, and none is run that was not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Event, { maxLength: 60 }), async (events) => {
      const run = world()
      for (const check of [0, 1, 2]) run.set(check, '2s', ['*'], true)
      await run.happen({ type: 'pass', ms: 1 })
      for (const event of events) await run.happen(event)
      const names = run.noted.map(({ checkId, region, slotMs }) => `${checkId} ${region} ${slotMs}`)
      expect(new Set(names).size).toBe(names.length)
      expect(new Set(run.queued).size).toBe(run.queued.length)
      expect(new Set(run.queued).isSubsetOf(new Set(names))).toBe(true)

      // Each check by itself: what it was between one cut and the next, computed anew.
      for (const check of [0, 1, 2]) {
        const cuts = run.cuts.filter((cut) => cut.check === check)
        const wanted = cuts.flatMap(({ from, entry }, index) => {
          const to = cuts[index + 1]?.from ?? run.end()
          if (entry === undefined) return []
          const { intervalMs } = entry
          return [...entry.cadences.keys()].flatMap((region) =>
            slotsBetween(cadence(check, region, intervalMs), from, to).map((slot) => `${check} ${region} ${slot}`),
          )
        })
        const found = names.filter((name) => name.startsWith(`${check} `))
        expect(found.toSorted()).toEqual(wanted.toSorted())
      }
    }),
    { numRuns: 300 },
  )
})

test('without breaks everything that was noted is on the queue within a lookahead of its slot', async () => {
  const run = world()
  run.set(0, '1s', ['*'], true)
  for (let turns = 0; turns < 20; turns++) await run.happen({ type: 'pass', ms: 1000 })
  expect(run.queued.length).toBe(run.noted.length)
  expect(run.noted.length).toBeGreaterThan(2 * 20)
})

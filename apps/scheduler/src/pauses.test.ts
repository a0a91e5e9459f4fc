import { MaintenancePlan, MaintenanceWindow, slotsBetween } from '@sonde/core'
import { aCheck } from '@sonde/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scheduled } from './batches.ts'
import { Pauses } from './pauses.ts'
import { nextTick, recordUpTo, startingPoint, tickQueued } from './turn.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const lookaheadMs = 5000

const local = (second: number) => new Date(start + second * 1000).toISOString().slice(0, 19)
const aWindow = (from: number, to: number, own: object = {}) =>
  MaintenanceWindow.parse({ key: `w-${from}`, start: local(from), end: local(to), mode: 'pause', ...own })

/** What a leader notes in 60 turns of a second, or in one after a gap of a minute; `plans` take effect at their second. */
async function run(plans: readonly { from: number; windows: MaintenanceWindow[] }[], gap = false) {
  const entries = [
    scheduled(1, aCheck({ key: 'web', interval: '3s', labels: { team: 'web' } }), ['eu', 'us']),
    scheduled(2, aCheck({ key: 'db', interval: '2s' }), ['eu', 'us']),
  ].filter((entry) => entry !== undefined)
  const pauses = new Pauses()
  const progress = startingPoint(null, start, lookaheadMs, 3_600_000)
  const [due, paused, queued]: string[][] = [[], [], []]
  const names = (groups: readonly { region: string; checkIds: number[]; slotsMs: number[] }[]) =>
    groups.flatMap(({ region, checkIds, slotsMs }) => checkIds.map((id, index) => `${id} ${region} ${slotsMs[index]}`))
  const turn = async (second: number) => {
    const now = start + second * 1000
    const note = async (groups: Parameters<typeof names>[0], _: unknown, off: Parameters<typeof names>[0]) => {
      due?.push(...names(groups))
      paused?.push(...names(off))
    }
    await recordUpTo(note, () => entries, progress, now + lookaheadMs, now - lookaheadMs, pauses)
    for (let tick = nextTick(progress, now, 60_000); tick !== undefined; tick = nextTick(progress, now, 60_000)) {
      for (const jobs of tick.values())
        for (const { data } of jobs)
          queued?.push(...data.probes.map((probe) => `${probe.checkId} ${data.region} ${probe.slotMs}`))
      tickQueued(progress)
    }
  }
  for (let second = 0; second <= 60; second++) {
    const plan = plans.findLast(({ from }) => from <= second)
    if (plan !== undefined) pauses.follow(new MaintenancePlan(plan.windows))
    if (!gap || second === 60) await turn(second)
  }
  const all = entries.flatMap(({ id, cadences }) =>
    [...cadences].flatMap(([region, cadence]) =>
      slotsBetween(cadence, start, start + 60_000 + lookaheadMs).map((slot) => `${id} ${region} ${slot}`),
    ),
  )
  return { all, due: due ?? [], paused: paused ?? [], queued: queued ?? [] }
}

const slotOf = (name: string) => Number(name.split(' ')[2])
const isOf = (id: number) => (name: string) => name.startsWith(`${id} `)

test('what a window pauses is not due, goes to no queue, and is noted as paused; the rest goes on', async () => {
  const window = aWindow(20, 40, { labels: { team: 'web' } })
  const { all, due, paused, queued } = await run([{ from: 0, windows: [window] }])
  const inWindow = (name: string) => slotOf(name) >= start + 20_000 && slotOf(name) < start + 40_000
  const expected = all.filter((name) => isOf(1)(name) && inWindow(name))
  expect(expected.length).toBeGreaterThan(10)
  expect(paused.toSorted()).toEqual(expected.toSorted())
  expect(due.toSorted()).toEqual(all.filter((name) => !expected.includes(name)).toSorted())
  expect(queued.toSorted()).toEqual(due.toSorted())
})

test('a window that silences pauses nothing', async () => {
  const { all, due, paused } = await run([{ from: 0, windows: [aWindow(20, 40, { mode: 'silence' })] }])
  expect([paused, due.length]).toEqual([[], all.length])
})

test('a window that is made or deleted counts from what is noted next', async () => {
  const { all, due, paused } = await run([
    { from: 0, windows: [] },
    { from: 10, windows: [aWindow(0, 3600)] },
    { from: 30, windows: [] },
  ])
  // Until then the slots of a lookahead were noted already.
  const [from, to] = [start + 9000 + lookaheadMs, start + 29_000 + lookaheadMs]
  expect(paused.toSorted()).toEqual(all.filter((name) => slotOf(name) >= from && slotOf(name) < to).toSorted())
  expect([...due, ...paused].toSorted()).toEqual(all.toSorted())
})

test('whatever windows there are, every slot is noted once, as due or as paused, also after a gap', async () => {
  const anyWindow = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom({}, { checks: ['db'] }))
    .map(([from, length, own]) => aWindow(from, from + length, own))
  await fc.assert(
    fc.asyncProperty(fc.array(anyWindow, { maxLength: 4 }), fc.boolean(), async (windows, gap) => {
      const { all, due, paused } = await run([{ from: 0, windows }], gap)
      expect([...due, ...paused].toSorted()).toEqual(all.toSorted())
      const plan = new MaintenancePlan(windows)
      const isPaused = (name: string) =>
        plan.modeOf({ key: isOf(2)(name) ? 'db' : 'web', labels: {} }, slotOf(name)) === 'pause'
      expect(paused.toSorted()).toEqual(all.filter(isPaused).toSorted())
    }),
    { numRuns: 60 },
  )
})

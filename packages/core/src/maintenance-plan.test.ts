import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MaintenanceWindow } from './maintenance.ts'
import { MaintenancePlan, maintenanceSpans } from './maintenance-plan.ts'
import { shownBy, zones } from './wall-clock.fixture.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

function aWindow(own: object): MaintenanceWindow {
  return MaintenanceWindow.parse({
    key: 'sunday',
    start: '2026-01-04T02:00:00',
    end: '2026-01-04T04:00:00',
    timeZone: 'Europe/Berlin',
    rrule: 'FREQ=WEEKLY',
    ...own,
  })
}

function spansOn(day: string, own: object = {}): string[] {
  const from = Date.parse(`${day}T00:00:00Z`) - 12 * hourMs
  return maintenanceSpans(aWindow(own), from, from + 2 * dayMs).map(({ startMs, endMs }) =>
    [startMs, endMs].map((at) => new Date(at).toISOString().slice(11, 16)).join('–'),
  )
}

test.each<[what: string, day: string, own: object, spans: string[]]>([
  ['a Sunday in winter', '2026-01-11', {}, ['01:00–03:00']],
  ['a Sunday in summer', '2026-07-05', {}, ['00:00–02:00']],
  ['a Wednesday', '2026-07-08', {}, []],
  ['the Sunday on which the clock skips 02:00: from 03:00 until 04:00', '2026-03-29', {}, ['01:00–02:00']],
  ['the Sunday on which 02:00 comes twice: from the first until 04:00', '2026-10-25', {}, ['00:00–03:00']],
  [
    'a window that the clock skips whole lasts as long as it is',
    '2026-03-29',
    { start: '2026-01-04T02:15:00', end: '2026-01-04T02:45:00' },
    ['01:15–01:45'],
  ],
  [
    'a window of which the clock skips the beginning alone',
    '2026-03-29',
    { start: '2026-01-04T02:30:00', end: '2026-01-04T03:15:00' },
    ['01:30–02:15'],
  ],
  [
    'a window that ends in the hour that comes twice ends in the first',
    '2026-10-25',
    { start: '2026-01-04T01:00:00', end: '2026-01-04T02:30:00' },
    ['23:00–00:30'],
  ],
  ['before its first time there is none', '2025-12-28', {}, []],
  ['once', '2026-01-04', { rrule: undefined }, ['01:00–03:00']],
  ['once, and not a week later', '2026-01-11', { rrule: undefined }, []],
  ['after UNTIL', '2026-02-01', { rrule: 'FREQ=WEEKLY;UNTIL=20260131' }, []],
  ['over midnight', '2026-01-04', { end: '2026-01-05T01:00:00', rrule: undefined }, ['01:00–00:00']],
])('%s', (_, day, own, spans) => {
  expect(spansOn(day, own)).toEqual(spans)
})

test('where no clock is changed near, a window holds when the clock on the wall says so, as Intl reckons', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY', 'FREQ=WEEKLY;BYDAY=MO,FR', 'FREQ=MONTHLY;BYMONTHDAY=1,15'),
      fc.integer({ min: Date.UTC(2026, 1), max: Date.UTC(2034, 0) }),
      (timeZone, hour, hours, rrule, atMs) => {
        const startMs = Date.UTC(2026, 0, 4, hour)
        const local = (ms: number) => new Date(ms).toISOString().slice(0, 19)
        const window = aWindow({ start: local(startMs), end: local(startMs + hours * hourMs), timeZone, rrule })
        const shown = shownBy(timeZone, atMs)
        const changes = [-2, -1, 1, 2].some((days) => shownBy(timeZone, atMs + days * dayMs) - shown !== days * dayMs)
        fc.pre(!changes)
        // Occurrences on the days before, by the calendar of the clock on the wall.
        const begins = [0, 1, 2].map((days) => Math.floor(shown / dayMs - days) * dayMs + hour * hourMs)
        const expected = begins.some((begin) => {
          const date = new Date(begin)
          const isDay =
            rrule === 'FREQ=DAILY' ||
            (rrule === 'FREQ=WEEKLY' && date.getUTCDay() === 0) ||
            (rrule.includes('MO,FR') && [1, 5].includes(date.getUTCDay())) ||
            (rrule.includes('MONTHLY') && [1, 15].includes(date.getUTCDate()))
          return isDay && begin <= shown && shown < begin + hours * hourMs
        })
        expect(new MaintenancePlan([window]).modeOf({ key: 'a', labels: {} }, atMs)).toBe(expected ? 'silence' : null)
      },
    ),
    { numRuns: 200 },
  )
})

test('a plan answers for every instant what the spans of its windows say', () => {
  const windows = [
    aWindow({ rrule: 'FREQ=DAILY;BYHOUR=2,14', labels: { team: 'web' } }),
    aWindow({
      key: 'b',
      rrule: 'FREQ=WEEKLY;BYDAY=SA,SU',
      mode: 'pause',
      checks: ['shop'],
      end: '2026-01-05T02:00:00',
    }),
    aWindow({ key: 'c', timeZone: 'America/St_Johns', rrule: undefined, end: '2026-01-14T02:00:00' }),
  ]
  const plan = new MaintenancePlan(windows)
  const check = { key: 'shop', labels: { team: 'web' } }
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }), (atMs) => {
      const holding = windows.filter((window) =>
        maintenanceSpans(window, atMs - 40 * dayMs, atMs + 40 * dayMs).some(
          ({ startMs, endMs }) => startMs <= atMs && atMs < endMs,
        ),
      )
      expect(plan.windowsOf(check, atMs)).toEqual(holding)
      const endMs = plan.endOf(check, atMs)
      expect(endMs === atMs).toBe(holding.length === 0)
      if (endMs > atMs) expect(plan.modeOf(check, endMs - 1)).not.toBeNull()
      const change = plan.firstChange(atMs, atMs + dayMs) ?? atMs + dayMs
      expect(plan.windowsOf(check, change - 1)).toEqual(holding)
    }),
    { numRuns: 100 },
  )
})

test.each<[own: object, check: { key: string; labels: Record<string, string> }, matches: boolean]>([
  [{}, { key: 'any', labels: {} }, true],
  [{ checks: ['shop'] }, { key: 'shop', labels: {} }, true],
  [{ checks: ['shop'] }, { key: 'other', labels: {} }, false],
  [{ labels: { team: 'web', tier: '1' } }, { key: 'a', labels: { team: 'web', tier: '1', x: 'y' } }, true],
  [{ labels: { team: 'web', tier: '1' } }, { key: 'a', labels: { team: 'web' } }, false],
  [{ checks: ['shop'], labels: { team: 'web' } }, { key: 'shop', labels: {} }, true],
  [{ checks: ['shop'], labels: { team: 'web' } }, { key: 'a', labels: { team: 'web' } }, true],
  [{ checks: ['shop'], labels: { team: 'web' } }, { key: 'a', labels: { team: 'db' } }, false],
])('a window of %j is of %j: %s', (own, check, matches) => {
  const plan = new MaintenancePlan([aWindow(own)])
  expect(plan.modeOf(check, Date.parse('2026-01-04T01:30:00Z'))).toBe(matches ? 'silence' : null)
})

test('a window holds from its first instant until before its last', () => {
  const plan = new MaintenancePlan([aWindow({})])
  const at = (time: string) => plan.modeOf({ key: 'a', labels: {} }, Date.parse(`2026-01-04T${time}Z`))
  expect([at('00:59:59.999'), at('01:00:00'), at('02:59:59.999'), at('03:00:00')]).toEqual([
    null,
    'silence',
    'silence',
    null,
  ])
})

test('of two windows the one that pauses goes before, and maintenance ends with the last that follows on', () => {
  const plan = new MaintenancePlan([
    aWindow({}),
    aWindow({ key: 'b', mode: 'pause', start: '2026-01-04T03:30:00', end: '2026-01-04T05:00:00' }),
  ])
  const check = { key: 'a', labels: {} }
  expect(plan.modeOf(check, Date.parse('2026-01-04T02:45:00Z'))).toBe('pause')
  expect(plan.endOf(check, Date.parse('2026-01-04T01:00:00Z'))).toBe(Date.parse('2026-01-04T04:00:00Z'))
  const [from, to] = ['2026-01-04T00:00:00Z', '2026-01-04T12:00:00Z'].map((at) => Date.parse(at)) as [number, number]
  expect(plan.resumedAt(check, from, to)).toBe(Date.parse('2026-01-04T04:00:00Z'))
  expect(plan.resumedAt(check, from, from + hourMs)).toBeUndefined()
})

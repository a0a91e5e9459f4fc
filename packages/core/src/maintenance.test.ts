import { expect, test } from 'vitest'
import { MaintenanceWindow } from './maintenance.ts'
import { problemsOf } from './problem.ts'

const sunday = {
  key: 'sunday',
  start: '2026-01-04T02:00:00',
  end: '2026-01-04T04:00:00',
  timeZone: 'Europe/Berlin',
  rrule: 'FREQ=WEEKLY',
  labels: { team: 'web' },
  checks: ['shop-front'],
  mode: 'silence',
}

test("the contract's document is taken as it is", () => {
  expect(MaintenanceWindow.parse(sunday)).toEqual(sunday)
})

test('what is left out: no rule, UTC, every check, silence', () => {
  const { key, start, end } = sunday
  expect(MaintenanceWindow.parse({ key, start, end })).toEqual({
    key,
    start,
    end,
    timeZone: 'UTC',
    labels: {},
    checks: [],
    mode: 'silence',
  })
})

test.each<[own: object, problem: string]>([
  [{ key: 'Sunday!' }, 'key: expected 1 to 64 of a-z, 0-9 and -, found "Sunday!"'],
  [{ start: undefined }, 'start: is required'],
  [
    { start: '2026-01-04T02:00:00Z' },
    'start: expected a local time without zone such as 2026-01-04T02:00:00, found "2026-01-04T02:00:00Z"',
  ],
  [{ end: '2026-01-04T02:00:00' }, 'end: expected later than start (2026-01-04T02:00:00), found 2026-01-04T02:00:00'],
  [{ end: '2026-03-04T02:00:00' }, 'end: expected at most 31 days after start, found 2026-03-04T02:00:00'],
  [
    { rrule: undefined, end: '2027-03-04T02:00:00' },
    'end: expected at most 400 days after start, found 2027-03-04T02:00:00',
  ],
  [{ timeZone: 'Berlin' }, 'timeZone: expected an IANA time zone such as Europe/Berlin, found "Berlin"'],
  [
    { rrule: 'FREQ=MINUTELY' },
    'rrule: FREQ: expected DAILY, WEEKLY, MONTHLY or YEARLY (several times a day: BYHOUR), found "MINUTELY"',
  ],
  [{ labels: { team: 1 } }, 'labels.team: expected string, found 1; in quotes it is one: "1"'],
  [{ checks: ['A'] }, 'checks[0]: expected 1 to 64 of a-z, 0-9 and -, found "A"'],
  [{ mode: 'mute' }, 'mode: expected "silence" or "pause", found "mute"'],
  [{ until: 'x' }, 'until: is not a field that Sonde knows'],
])('%j is refused', (own, problem) => {
  const { error } = MaintenanceWindow.safeParse({ ...sunday, ...own })
  expect(error === undefined ? [] : problemsOf(error).map(({ path, message }) => `${path}: ${message}`)).toEqual([
    problem,
  ])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseLocalTime } from './local-time.ts'
import { Recurrence, recurrenceProblem } from './recurrence.ts'

const dayMs = 86_400_000
const start = parseLocalTime('2026-01-04T02:00:00') ?? 0
const days = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const

function occurrences(rule: string, from: string, to: string, zone = 'Europe/Berlin'): string[] {
  const at = (text: string) => parseLocalTime(text) ?? 0
  return new Recurrence(rule, start, zone)
    .between(at(from), at(to))
    .map((ms) => new Date(ms).toISOString().slice(0, 16))
}

test.each([
  ['FREQ=WEEKLY;COUNT=2', ['2026-01-04T02:00', '2026-01-11T02:00']],
  ['FREQ=WEEKLY;INTERVAL=2', ['2026-01-04T02:00', '2026-01-18T02:00']],
  [
    'FREQ=DAILY;BYHOUR=2,14;UNTIL=20260105',
    ['2026-01-04T02:00', '2026-01-04T14:00', '2026-01-05T02:00', '2026-01-05T14:00'],
  ],
  // 01:00 UTC is 02:00 in Berlin: the last one counts.
  ['FREQ=DAILY;UNTIL=20260105T010000Z', ['2026-01-04T02:00', '2026-01-05T02:00']],
  ['FREQ=DAILY;UNTIL=20260105T005959Z', ['2026-01-04T02:00']],
  ['FREQ=DAILY;UNTIL=20260105T020000', ['2026-01-04T02:00', '2026-01-05T02:00']],
  ['FREQ=MONTHLY;BYDAY=-1SA', ['2026-01-31T02:00']],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', ['2026-01-30T02:00']],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', ['2026-01-31T02:00']],
  ['FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15', ['2026-01-15T02:00']],
])('%s', (rule, expected) => {
  expect(recurrenceProblem(rule, start, 'Europe/Berlin')).toBeUndefined()
  expect(occurrences(rule, '2026-01-01T00:00:00', '2026-01-31T23:00:00').slice(0, 4)).toEqual(expected.slice(0, 4))
})

test.each<[rule: string, problem: string | RegExp]>([
  ['FREQ=SECONDLY', 'FREQ: expected DAILY, WEEKLY, MONTHLY or YEARLY (several times a day: BYHOUR), found "SECONDLY"'],
  ['FREQ=HOURLY', 'FREQ: expected DAILY, WEEKLY, MONTHLY or YEARLY (several times a day: BYHOUR), found "HOURLY"'],
  ['BYDAY=SU', 'FREQ is required'],
  ['FREQ=WEEKLY;BYDAY=SO', 'BYDAY: expected weekdays such as MO,WE or, in a month, 1SU or -1FR, found "SO"'],
  ['FREQ=DAILY;INTERVAL=0', 'INTERVAL: expected 1 to 1000, found "0"'],
  ['FREQ=DAILY;COUNT=100000', 'COUNT: expected 1 to 5000, found "100000"'],
  ['FREQ=DAILY;BYMONTH=13', 'BYMONTH: expected 1 to 12, found "13"'],
  ['FREQ=DAILY;BYMONTHDAY=0', 'BYMONTHDAY: expected ±1 to 31, found "0"'],
  [
    'FREQ=DAILY;UNTIL=tomorrow',
    'UNTIL: expected a date such as 20261231, or an instant such as 20261231T220000Z, found "tomorrow"',
  ],
  ['FREQ=DAILY;UNTIL=20261331', 'UNTIL: expected a date in the years 2000 to 2100, found "20261331"'],
  ['FREQ=DAILY;COUNT=3;UNTIL=20270101', 'COUNT and UNTIL MUST NOT occur in the same recurrence rule'],
  ['FREQ=WEEKLY;BYDAY=2MO', 'BYDAY with numeric value MUST NOT be used unless FREQ is MONTHLY or YEARLY'],
  ['FREQ=DAILY;FREQ=WEEKLY', 'FREQ stands there twice'],
  ['FREQ=DAILY;X=1', /^X is not a part that Sonde takes; it takes FREQ, INTERVAL/],
  ['RRULE:FREQ=DAILY', 'expected parts such as FREQ=WEEKLY;BYDAY=SU, found "RRULE:FREQ=DAILY"'],
  ['every Sunday', 'expected parts such as FREQ=WEEKLY;BYDAY=SU, found "every Sunday"'],
  ['FREQ=DAILY;UNTIL=20250101', 'has no occurrence at or after start'],
  ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', 'has no occurrence, or too few to be found'],
  ['FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5', 'expected at most 24 times a day of BYHOUR and BYMINUTE together'],
])('%s is refused', (rule, problem) => {
  const found = recurrenceProblem(rule, start, 'Europe/Berlin')
  if (typeof problem === 'string') expect(found).toBe(problem)
  else expect(found).toMatch(problem)
})

test('daily and weekly rules give the days that counting on the fingers gives', () => {
  fc.assert(
    fc.property(
      fc.record({
        weekly: fc.boolean(),
        interval: fc.integer({ min: 1, max: 9 }),
        byDay: fc.uniqueArray(fc.constantFrom(...days), { maxLength: 4 }),
        count: fc.option(fc.integer({ min: 1, max: 200 })),
        startDay: fc.integer({ min: 0, max: 3000 }),
        from: fc.integer({ min: 0, max: 1500 }),
      }),
      ({ weekly, interval, byDay, count, startDay, from }) => {
        const first = Date.UTC(2020, 0, 1 + startDay, 2)
        const parts = [
          `FREQ=${weekly ? 'WEEKLY' : 'DAILY'};INTERVAL=${interval}`,
          ...(byDay.length === 0 ? [] : [`BYDAY=${byDay.join()}`]),
          ...(count === null ? [] : [`COUNT=${count}`]),
        ]
        // Weeks begin on Monday; 2019-12-30 was one.
        const week = (at: number) => Math.floor((at - Date.UTC(2019, 11, 30)) / (7 * dayMs))
        const expected: number[] = []
        for (let day = 0, found = 0; day < from + 60 && (count === null || found < count); day++) {
          const at = first + day * dayMs
          const name = days[new Date(at).getUTCDay()] as (typeof days)[number]
          const wanted = byDay.length > 0 ? byDay.includes(name) : !weekly || day % 7 === 0
          if (!wanted || (weekly ? week(at) - week(first) : day) % interval !== 0) continue
          found++
          if (day >= from) expected.push(at)
        }
        const until = first + (from + 60) * dayMs - 1
        // A rule that never occurs, such as every seventh day and on a day that it never is, is refused.
        if (recurrenceProblem(parts.join(';'), first, 'UTC') !== undefined) {
          expect(expected).toEqual([])
          return
        }
        expect(new Recurrence(parts.join(';'), first, 'UTC').between(first + from * dayMs, until)).toEqual(expected)
      },
    ),
    { numRuns: 150 },
  )
})

test('whatever text is given as a rule, it is refused or evaluated, and soon', () => {
  const name = fc.constantFrom(
    'FREQ',
    'INTERVAL',
    'COUNT',
    'UNTIL',
    'WKST',
    'BYMONTH',
    'BYWEEKNO',
    'BYYEARDAY',
    'BYMONTHDAY',
    'BYDAY',
    'BYHOUR',
    'BYMINUTE',
    'BYSETPOS',
  )
  const value = fc.oneof(
    fc.constantFrom(
      'DAILY',
      'WEEKLY',
      'MONTHLY',
      'YEARLY',
      'SU',
      '-1FR',
      '53MO',
      '20260301',
      '1,2,3',
      '-1',
      '366',
      '29',
      '5000',
      '1000',
    ),
    fc.string({ maxLength: 12 }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 5 }), (rest) => {
      const rule = ['FREQ=YEARLY', ...rest.map(([left, right]) => `${left}=${right}`)].join(';')
      if (recurrenceProblem(rule, start, 'Europe/Berlin') !== undefined) return
      const found = new Recurrence(rule, start, 'Europe/Berlin').between(Date.UTC(2060, 0, 1), Date.UTC(2060, 1, 1))
      expect(found.length).toBeLessThanOrEqual(31 * 24)
    }),
    { numRuns: 150 },
  )
})

test('a rule of more than 500 characters is refused', () => {
  const rule = `FREQ=DAILY;BYHOUR=${'1,'.repeat(300)}1`
  expect(recurrenceProblem(rule, start, 'UTC')).toBe('expected at most 500 characters, found 619')
})

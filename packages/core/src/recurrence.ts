import { RRuleTemporal } from 'rrule-temporal'
import { parseLocalTime, type WallMs, wallOfInstant } from './local-time.ts'

const maxLength = 500
const weekday = /^(MO|TU|WE|TH|FR|SA|SU)$/
const weekdayOfPeriod = /^[+-]?([1-9]|[1-4]\d|5[0-3])?(MO|TU|WE|TH|FR|SA|SU)$/
const untilForm = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/

/** A list of whole numbers from `min` to `max`; `signed` ones count from the end where they are negative. */
const numbers = (min: number, max: number, signed = false) => ({
  takes: `${signed ? '±' : ''}${min} to ${max}`,
  accepts: (value: string) =>
    value
      .split(',')
      .every((one) => (signed ? /^[+-]?\d{1,3}$/ : /^\d{1,3}$/).test(one) && inside(Math.abs(Number(one)), min, max)),
})
const one = (takes: string, accepts: (value: string) => boolean) => ({ takes, accepts })
const whole = (max: number) => one(`1 to ${max}`, (value) => /^\d{1,6}$/.test(value) && inside(Number(value), 1, max))

// The parts of a rule (RFC 5545, 3.3.10). Frequencies below a day, and BYSECOND, are left out: a window every minute is a
// mistake, and one every hour is BYHOUR.
const parts: Record<string, { takes: string; accepts: (value: string) => boolean }> = {
  FREQ: one('DAILY, WEEKLY, MONTHLY or YEARLY (several times a day: BYHOUR)', (value) =>
    ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(value),
  ),
  INTERVAL: whole(1000),
  COUNT: whole(5000),
  UNTIL: one('a date such as 20261231, or an instant such as 20261231T220000Z', (value) => untilForm.test(value)),
  WKST: one('a weekday such as MO', (value) => weekday.test(value)),
  BYMONTH: numbers(1, 12),
  BYWEEKNO: numbers(1, 53, true),
  BYYEARDAY: numbers(1, 366, true),
  BYMONTHDAY: numbers(1, 31, true),
  BYDAY: one('weekdays such as MO,WE or, in a month, 1SU or -1FR', (value) =>
    value.split(',').every((day) => weekdayOfPeriod.test(day)),
  ),
  BYHOUR: numbers(0, 23),
  BYMINUTE: numbers(0, 59),
  BYSETPOS: numbers(1, 366, true),
}

// Windows a day: more is no maintenance, and each costs an evaluation.
const maxTimesOfDay = 24

// Periods that the library looks at before it gives up; a rule is tried with fewer than it may use later.
const periods = { tried: 10_000, used: 50_000 }

/** What is wrong with a rule, in one line, or undefined. It must have an occurrence, and be cheap to evaluate to its end. */
export function recurrenceProblem(text: string, startMs: WallMs, timeZone: string): string | undefined {
  return partsProblem(text) ?? meaningProblem(text, startMs, timeZone)
}

function partsProblem(text: string): string | undefined {
  if (text.length > maxLength) return `expected at most ${maxLength} characters, found ${text.length}`
  const seen = new Map<string, string>()
  for (const part of text.split(';')) {
    const [, name = '', value = ''] = /^([A-Z]+)=(.+)$/.exec(part) ?? []
    const known = parts[name]
    if (name === '') return `expected parts such as FREQ=WEEKLY;BYDAY=SU, found "${part.slice(0, 60)}"`
    if (known === undefined) return `${name} is not a part that Sonde takes; it takes ${Object.keys(parts).join(', ')}`
    if (seen.has(name)) return `${name} stands there twice`
    if (!known.accepts(value)) return `${name}: expected ${known.takes}, found "${value.slice(0, 60)}"`
    seen.set(name, value)
  }
  if (!seen.has('FREQ')) return 'FREQ is required'
  const times = ['BYHOUR', 'BYMINUTE'].map((name) => seen.get(name)?.split(',').length ?? 1)
  if (times.reduce((product, count) => product * count, 1) > maxTimesOfDay)
    return `expected at most ${maxTimesOfDay} times a day of BYHOUR and BYMINUTE together`
  return undefined
}

function meaningProblem(text: string, startMs: WallMs, timeZone: string): string | undefined {
  try {
    const rule = ruleOf(text, startMs, timeZone, periods.tried)
    if (rule.next(new Date(startMs), true) === null) return 'has no occurrence at or after start'
    // To the end: of a rule with COUNT all occurrences are counted out.
    rule.between(new Date(Date.UTC(2100, 0, 1)), new Date(Date.UTC(2100, 1, 1)), true)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return reason.startsWith('Maximum') ? 'has no occurrence, or too few to be found' : reason
  }
}

/** The occurrences of a rule that has been found good, in the time of its zone's clock, as [from, to] asks for. */
export class Recurrence {
  readonly #rule: RRuleTemporal

  constructor(text: string, startMs: WallMs, timeZone: string) {
    this.#rule = ruleOf(text, startMs, timeZone, periods.used)
  }

  between(fromMs: WallMs, toMs: WallMs): WallMs[] {
    return this.#rule.between(new Date(fromMs), new Date(toMs), true).map(({ epochMilliseconds }) => epochMilliseconds)
  }
}

/**
 * The rule by the clock on the wall, which for the library is a zone without changes: what a change of the clock does to an
 * occurrence is decided where it becomes an instant. RFC 5545 leaves out occurrences that the clock skips; a window that opens
 * at 02:00 on the day when there is none opens at 03:00 here.
 */
function ruleOf(text: string, startMs: WallMs, timeZone: string, maxIterations: number): RRuleTemporal {
  const rule = text.replace(/(?<=(?:^|;)UNTIL=)[^;]+/, (until) => compact(untilOnWall(until, timeZone)))
  return new RRuleTemporal({
    rruleString: `DTSTART:${compact(startMs)}\nRRULE:${rule}`,
    strict: true,
    maxIterations,
    maxCandidateEvaluations: maxIterations * 10,
  })
}

/** UNTIL includes its instant, and as a date its whole day. */
function untilOnWall(until: string, timeZone: string): WallMs {
  const [, year, month, day, hour, minute, second, utc] = untilForm.exec(until) ?? []
  const date = `${year}-${month}-${day}`
  const wallMs = parseLocalTime(hour === undefined ? `${date}T23:59:59` : `${date}T${hour}:${minute}:${second}`)
  if (wallMs === undefined) throw new Error(`UNTIL: expected a date in the years 2000 to 2100, found "${until}"`)
  return utc === undefined ? wallMs : wallOfInstant(wallMs, timeZone)
}

function compact(wallMs: WallMs): string {
  return `${new Date(wallMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function inside(value: number, min: number, max: number): boolean {
  return value >= min && value <= max
}

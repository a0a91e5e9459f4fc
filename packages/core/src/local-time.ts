import { Temporal } from 'temporal-polyfill'
import { z } from './messages.ts'

/**
 * Times on the clock on the wall, of some zone, are numbers here: the milliseconds that would have passed since 1970 if that clock
 * had never been changed. So they can be compared and added to, and only the zone's rules make an instant of them.
 */
export type WallMs = number

/** `2026-01-04T02:00:00`, with or without seconds: a date that exists, in the years 2000 to 2100, and no zone. */
export const LocalTime = z.string().superRefine((text, ctx) => {
  if (parseLocalTime(text) === undefined) {
    ctx.addIssue({
      code: 'custom',
      message: `expected a local time without zone such as 2026-01-04T02:00:00, found "${text}"`,
    })
  }
})

/** The name of a time zone in the IANA database. */
export const TimeZone = z.string().superRefine((name, ctx) => {
  if (!isTimeZone(name)) {
    ctx.addIssue({ code: 'custom', message: `expected an IANA time zone such as Europe/Berlin, found "${name}"` })
  }
})

export function parseLocalTime(text: string): WallMs | undefined {
  if (!/^20\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return undefined
  try {
    return wallOf(Temporal.PlainDateTime.from(text, { overflow: 'reject' }))
  } catch {
    return undefined
  }
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

/**
 * The instant at which the clock of a zone shows this, ms since the epoch. A time that comes twice is its first, and one that is
 * skipped counts on from before the gap: 02:30 is 03:30 when the clock goes from 02:00 to 03:00 (RFC 5545, 3.3.5).
 */
export function instantOfWall(wallMs: WallMs, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(wallMs)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
    .toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds
}

/** What the clock of a zone shows at an instant. */
export function wallOfInstant(atMs: number, timeZone: string): WallMs {
  return wallOf(Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDateTime())
}

function wallOf(local: Temporal.PlainDateTime): WallMs {
  return local.toZonedDateTime('UTC').epochMilliseconds
}

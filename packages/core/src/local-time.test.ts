import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOfWall, LocalTime, parseLocalTime, TimeZone, wallOfInstant } from './local-time.ts'
import { shownBy, zones } from './wall-clock.fixture.ts'

const wall = (text: string) => parseLocalTime(text) ?? Number.NaN
const instant = (text: string, zone: string) => new Date(instantOfWall(wall(text), zone)).toISOString()

test.each([
  ['2026-03-29T01:59:59', '2026-03-29T00:59:59.000Z'],
  ['2026-03-29T02:00:00', '2026-03-29T01:00:00.000Z'],
  ['2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
  ['2026-03-29T03:00:00', '2026-03-29T01:00:00.000Z'],
  ['2026-10-25T01:59:59', '2026-10-24T23:59:59.000Z'],
  ['2026-10-25T02:00:00', '2026-10-25T00:00:00.000Z'],
  ['2026-10-25T03:00:00', '2026-10-25T02:00:00.000Z'],
])('%s in Berlin is %s', (local, expected) => {
  expect(instant(local, 'Europe/Berlin')).toBe(expected)
})

test('what the clock shows is an instant at which it shows so, as Intl reckons, or what it skips, counted on', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) }).map((ms) => ms - (ms % 1000)),
      (zone, wallMs) => {
        const atMs = instantOfWall(wallMs, zone)
        expect(wallOfInstant(atMs, zone)).toBe(shownBy(zone, atMs))
        // Every instant at which the clock shows it, found by trying: no zone is further from UTC than a day.
        const shows = []
        for (let at = wallMs - 86_400_000; at <= wallMs + 86_400_000; at += 900_000)
          if (shownBy(zone, at) === wallMs) shows.push(at)
        if (shows.length > 0) expect(atMs).toBe(Math.min(...shows))
        else {
          const skippedMs = shownBy(zone, atMs) - wallMs
          expect([1_800_000, 3_600_000]).toContain(skippedMs)
        }
      },
    ),
    { numRuns: 150 },
  )
})

test.each([
  ['2026-01-04T02:00:00Z', 'a zone'],
  ['2026-01-04T02:00:00+01:00', 'an offset'],
  ['2026-02-30T02:00:00', 'a day that there is not'],
  ['2026-01-04T24:00:00', 'an hour that there is not'],
  ['2026-01-04', 'no time'],
  ['1999-01-04T02:00:00', 'another century'],
])('%s is no local time: it has %s', (text) => {
  expect(LocalTime.safeParse(text).error?.issues[0]?.message).toContain(`found "${text}"`)
})

test.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('%s is a time zone', (name) => {
  expect(TimeZone.safeParse(name).success).toBe(true)
})

test.each(['Europe/Nowhere', '+01:00', '', 'CEST; drop'])('"%s" is none', (name) => {
  expect(TimeZone.safeParse(name).error?.issues[0]?.message).toBe(
    `expected an IANA time zone such as Europe/Berlin, found "${name}"`,
  )
})

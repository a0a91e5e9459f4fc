import { CheckKey } from './check.ts'
import { LocalTime, parseLocalTime, TimeZone } from './local-time.ts'
import { z } from './messages.ts'
import { recurrenceProblem } from './recurrence.ts'

const dayMs = 86_400_000
// What is longer is no maintenance but a check to be disabled.
const longest = { once: 400, recurring: 31 }

/**
 * A maintenance window, once or, with a rule (RFC 5545), again and again. It is of the checks that `checks` names and of those
 * that have all of `labels`; one that gives neither is of every check. `silence` tells nobody, `pause` does not probe either.
 */
export const MaintenanceWindow = z
  .strictObject({
    key: CheckKey,
    start: LocalTime,
    end: LocalTime,
    timeZone: TimeZone.default('UTC'),
    rrule: z.string().optional(),
    labels: z
      .record(z.string().max(64), z.string().max(200))
      .refine((labels) => Object.keys(labels).length <= 16, 'expected at most 16 labels')
      .default({}),
    checks: z.array(CheckKey).max(1000).default([]),
    mode: z.enum(['silence', 'pause']).default('silence'),
  })
  .superRefine((window, ctx) => {
    const [startMs, endMs] = [parseLocalTime(window.start), parseLocalTime(window.end)]
    const isZone = TimeZone.safeParse(window.timeZone).success
    if (startMs === undefined || endMs === undefined || !isZone) return
    const problem = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message })
    if (endMs <= startMs) problem('end', `expected later than start (${window.start}), found ${window.end}`)
    const days = window.rrule === undefined ? longest.once : longest.recurring
    if (endMs - startMs > days * dayMs) problem('end', `expected at most ${days} days after start, found ${window.end}`)
    if (window.rrule === undefined) return
    const ofRule = recurrenceProblem(window.rrule, startMs, window.timeZone)
    if (ofRule !== undefined) problem('rrule', ofRule)
  })
export type MaintenanceWindow = z.output<typeof MaintenanceWindow>
export type MaintenanceMode = MaintenanceWindow['mode']

/** What a window or a silence looks at to know whether a check is meant. */
export type Subject = { key: string; labels: Readonly<Record<string, string>> }

/** Whether a check has all of these labels. */
export function hasLabels(check: Subject, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([name, value]) => check.labels[name] === value)
}

import { incidentRules } from './alert-policy.ts'
import { duration, durationMs } from './duration.ts'
import { hasLabels, type Subject } from './maintenance.ts'
import { z } from './messages.ts'
import { DomainError } from './problem.ts'

const Instant = z.iso.datetime({ offset: true, error: 'expected an instant such as 2026-01-01T00:00:00Z' })
const Pattern = z.string().regex(/^(?=.)[a-z0-9-]{0,64}\*?$/, {
  error: (issue) => `expected a check's key, or the beginning of one and *, found "${String(issue.input)}"`,
})

// What is to be quiet for longer is a check to be changed.
const longestMs = 400 * 86_400_000

const matchers = {
  /** All of these the check must have. */
  labels: z
    .record(z.string().max(64), z.string().max(200))
    .refine((labels) => Object.keys(labels).length <= 16, 'expected at most 16 labels')
    .default({}),
  /** One of these keys, or beginnings of keys (`shop-*`), must be the check's. */
  checks: z.array(Pattern).max(1000).default([]),
  /** One of these must be the incident's rule. */
  rules: z.array(z.enum(incidentRules)).max(16).default([]),
}

/**
 * What stops notifications of incidents for a while: those for which all of `labels`, `checks` and `rules` hold that are given. It
 * does not stop incidents, nor the word that one which was told is over.
 */
export const Silence = z.strictObject({
  id: z.uuid(),
  ...matchers,
  startsAt: Instant,
  endsAt: Instant,
  comment: z.string(),
  createdBy: z.string(),
  createdAt: Instant,
})
export type Silence = z.output<typeof Silence>

/** What a silence is made of: it begins now when nothing else is said, and ends at an instant or after a while. */
export const SilenceInput = z
  .strictObject({
    ...matchers,
    startsAt: Instant.optional(),
    endsAt: Instant.optional(),
    duration: duration('1m', '400d').optional(),
    comment: z.string().min(1).max(1000),
    createdBy: z.string().min(1).max(200).default('api'),
  })
  .superRefine(({ labels, checks, rules, startsAt, endsAt, duration }, ctx) => {
    const problem = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message })
    if (Object.keys(labels).length + checks.length + rules.length === 0)
      problem('checks', 'expected at least one of labels, checks and rules; "*" is every check')
    if ((endsAt === undefined) === (duration === undefined))
      problem('endsAt', 'expected either endsAt or duration, found both or neither')
    if (startsAt === undefined || endsAt === undefined) return
    const lengthMs = Date.parse(endsAt) - Date.parse(startsAt)
    if (lengthMs <= 0) problem('endsAt', `expected later than startsAt (${startsAt}), found ${endsAt}`)
    if (lengthMs > longestMs) problem('endsAt', `expected at most 400 days after startsAt, found ${endsAt}`)
  })
export type SilenceInput = z.output<typeof SilenceInput>

/** When a silence begins and ends that is made at `nowMs`; a DomainError when it would be over before it begins. */
export function spanOfSilence({ startsAt, endsAt, duration }: SilenceInput, nowMs: number) {
  const startMs = startsAt === undefined ? nowMs : Date.parse(startsAt)
  const endMs = endsAt === undefined ? startMs + durationMs(duration ?? '1m') : Date.parse(endsAt)
  if (endMs <= startMs) {
    const message = `expected later than now, found ${endsAt}`
    throw new DomainError('invalid', `endsAt: ${message}`, [{ path: 'endsAt', message }])
  }
  return { startsAt: new Date(startMs).toISOString(), endsAt: new Date(endMs).toISOString() }
}

/** Whether a silence is meant for incidents of a rule and a check, whenever. */
export function silences(silence: Pick<Silence, 'labels' | 'checks' | 'rules'>, rule: string, check: Subject): boolean {
  const { labels, checks, rules } = silence
  return (
    (rules.length === 0 || rules.some((one) => one === rule)) &&
    (checks.length === 0 || checks.some((pattern) => isKeyLike(check.key, pattern))) &&
    hasLabels(check, labels)
  )
}

function isKeyLike(key: string, pattern: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern
}

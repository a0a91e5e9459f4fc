import { z } from 'zod'
import { shown } from './messages.ts'

const expected = 'expected a duration such as 250ms, 30s, 5m, 1h or 14d'
const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of a duration as users write it ("250ms", "30s", "5m", "1h", "14d"), or undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * unitMs[unit as keyof typeof unitMs]
}

/** Milliseconds of a duration that a schema has already accepted; throws on anything else. */
export function durationMs(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new Error(`"${text}" is not a duration`)
  return ms
}

/** The shortest way to write `ms` as one whole number and a unit: 90000 is "90s", 120000 is "2m". */
export function formatDuration(ms: number): string {
  const [unit, size] = (Object.entries(unitMs) as [string, number][])
    .reverse()
    .find(([, size]) => ms >= size && ms % size === 0) ?? ['ms', 1]
  return `${Math.round(ms / size)}${unit}`
}

/** A duration between two others, kept as it was written. */
export function duration(min: string, max: string) {
  return (
    z
      .string({
        // A number has no unit.
        error: ({ input }) => (input === undefined ? undefined : `${expected}, found ${shown(input)}`),
      })
      .superRefine((text, ctx) => {
        const ms = parseDuration(text)
        if (ms === undefined) {
          ctx.addIssue({
            code: 'custom',
            message: `${expected}, found "${text}"`,
          })
        } else if (ms < durationMs(min) || ms > durationMs(max)) {
          ctx.addIssue({ code: 'custom', message: `expected between ${min} and ${max}, found ${text}` })
        }
      })
      // JSON Schema's format `duration` is ISO 8601's, PT30S.
      .meta({ pattern: '^\\d{1,9}(ms|s|m|h|d)$', examples: [min], description: `A duration between ${min} and ${max}` })
  )
}

import { z } from './messages.ts'

/** What a token may do. `admin` holds the others; none of the others holds another. */
export const scopes = ['read', 'write', 'run', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** Labels that a check must have, all of them, to be within a token's reach; empty is every check there is. */
export type LabelSelector = Readonly<Record<string, string>>

const fields = {
  name: z.string().trim().min(1).max(100),
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .transform((given) => scopes.filter((scope) => given.includes(scope))),
  labels: z
    .record(
      z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, {
        error: (issue) => `expected a label name, found "${String(issue.input)}"`,
      }),
      z.string().max(200),
    )
    .refine((labels) => Object.keys(labels).length <= 16, 'expected at most 16 labels'),
  expiresAt: z.iso.datetime({ offset: true, error: 'expected an instant such as 2027-01-01T00:00:00Z' }).nullable(),
}

/** What is said of a token by whoever makes it: who holds it, what it may do, to which checks and until when. */
export const TokenSettings = z
  .strictObject({ ...fields, labels: fields.labels.default({}), expiresAt: fields.expiresAt.default(null) })
  .superRefine(({ scopes: given, labels }, ctx) => {
    if (!given.includes('admin') || Object.keys(labels).length === 0) return
    // Whoever may make tokens makes itself one without labels.
    ctx.addIssue({
      code: 'custom',
      path: ['labels'],
      message: 'expected none with the scope admin, which knows no bounds',
    })
  })
export type TokenSettings = z.output<typeof TokenSettings>

/** The settings that are to change, as a JSON merge patch (RFC 7396) says it of the whole of each. */

export function hasScope(held: readonly Scope[], wanted: Scope): boolean {
  return held.includes(wanted) || held.includes('admin')
}

/** Whether what carries these labels is within a token's reach. */
export function isWithin(labels: Readonly<Record<string, string>>, selector: LabelSelector): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value)
}

/** `team=web, tier=1`: a selector as people read it. */
export function selectorText(selector: LabelSelector): string {
  return Object.entries(selector)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')
}

import { type CheckKind, checkKinds } from '@sonde/core'
import { z } from 'zod'

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).describe('Every field that is wrong'),
  requestId: z.string().describe('What the log names the request by, as in x-request-id'),
})

export const KeyParams = z.object({ key: z.string().max(64) })

/** How many items of a list are asked for, at most `most`. */
export function limitTo(most: number) {
  return z.coerce.number().int().min(1).max(most).default(100)
}

export const Limit = limitTo(1000)

/** Where a list goes on: the `nextCursor` of the page before. */
export const Cursor = z.string().max(512).optional()

export const Kind = z.enum(Object.keys(checkKinds) as CheckKind[])

export const Instant = z.iso
  .datetime({ offset: true, error: 'expected an instant such as 2026-01-01T00:00:00Z' })
  .transform((text) => new Date(text))

const Label = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*:.*$/, 'expected name:value')

/** `?label=team:web`, once or several times: all of them hold. */
export const LabelFilter = z.union([Label, z.array(Label).max(16)])

export function labelsOf(filters: string[]): Record<string, string> {
  return Object.fromEntries(
    filters.map((filter) => [filter.slice(0, filter.indexOf(':')), filter.slice(filter.indexOf(':') + 1)]),
  )
}

/** A page of a list. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** The answers that any operation may give beside its own. */
export const problems = {
  400: Problem,
  401: Problem,
  403: Problem,
  404: Problem,
  409: Problem,
  412: Problem,
  429: Problem,
  503: Problem,
}

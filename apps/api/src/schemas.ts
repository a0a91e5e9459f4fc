import { z } from 'zod'

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
})

export const KeyParams = z.object({ key: z.string().max(64) })

export const Limit = z.coerce.number().int().min(1).max(1000).default(100)

/** A page of a list. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** The answers that any operation may give beside its own. */
export const problems = { 400: Problem, 401: Problem, 404: Problem, 409: Problem, 503: Problem }

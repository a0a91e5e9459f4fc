import { z } from 'zod'

/** What people say of a region: for labels, and for its place on a map. */
export const RegionFacts = z.strictObject({
  labels: z
    .record(
      z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, {
        error: (issue) => `expected a label name, found "${String(issue.input)}"`,
      }),
      z.string().max(200),
    )
    .default({}),
  /** Whose network or cloud it is. */
  provider: z.string().min(1).max(100).nullable().default(null),
  /** Degrees, WGS 84. */
  latitude: z.number().min(-90).max(90).nullable().default(null),
  longitude: z.number().min(-180).max(180).nullable().default(null),
})
export type RegionFacts = z.output<typeof RegionFacts>

import { Check, type CheckInput, CompiledCache, problemsOf } from '@sonde/core'
import { z } from 'zod'

// A check is probed as it was before, thousands of times. A worker of this many checks takes some 40 MB to keep them.
const checksKept = 20_000

const read = new CompiledCache((text) => Check.safeParse(parsed(text)), checksKept)

/**
 * A check in a batch: its text, as `checkText` makes it, which is read and validated the first time that a process meets it; or, from
 * a scheduler of an older version, the document itself.
 */
export const SentCheck = z.union([
  z.string().transform((text, ctx): Check => {
    const { data, error } = read.get(text)
    if (data !== undefined) return data
    const [problem] = problemsOf(error)
    ctx.addIssue({ code: 'custom', message: `${problem?.path}: ${problem?.message}` })
    return z.NEVER
  }),
  Check,
])

/** The text of a check as workers get it: what they need to probe it, without what is judged and told of the results. */
export function checkText(check: Check): string {
  const { name: _name, labels: _labels, alerts: _alerts, regions: _regions, dependsOn: _dependsOn, ...probed } = check
  return JSON.stringify(probed satisfies Partial<CheckInput>)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

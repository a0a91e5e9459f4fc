import type { Result } from './result.ts'

/** The chain that a check was last shown in a region: fingerprints in the order sent, and when it was last noted. */
export type SeenChain = { sha256s: readonly string[]; notedMs: number }

// How often a chain that stays as it is is noted again, so that "last seen" is true to the hour.
const noteEveryMs = 3_600_000

/**
 * What a result says of the chain: `noted` when it is to be noted (it is new, or was not noted for an hour), `changed` with the
 * chain before when it is another. A result without a chain, or older than the last note, says nothing.
 */
export function advanceChain(
  seen: SeenChain | null,
  result: Pick<Result, 'tls' | 'slot'>,
): { seen: SeenChain | null; noted: boolean; changed: readonly string[] | null } {
  const sha256s = result.tls?.chain.map(({ sha256 }) => sha256) ?? []
  const slotMs = Date.parse(result.slot)
  if (sha256s.length === 0 || (seen !== null && slotMs <= seen.notedMs)) return { seen, noted: false, changed: null }
  const same = seen !== null && seen.sha256s.join() === sha256s.join()
  if (same && slotMs - seen.notedMs < noteEveryMs) return { seen, noted: false, changed: null }
  return { seen: { sha256s, notedMs: slotMs }, noted: true, changed: seen === null || same ? null : seen.sha256s }
}

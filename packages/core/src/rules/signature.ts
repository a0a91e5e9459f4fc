import type { Result } from '../result.ts'

/** A signature that nobody renewed in time, as it was seen in a region. */
export type SignatureMemory = { endsMs: number }

const dayMs = 86_400_000
// Signers renew with a quarter to a tenth of the time left; those that sign as they answer have signatures of hours.
const nearEndShare = 0.1
const nearEndMostMs = 2 * dayMs
// Where a worker does not tell how long the signature is good for.
const nearEndWithoutLifeMs = 6 * 3_600_000
// The days left are told to a hundredth.
const sameEndMs = 1_800_000

/**
 * What is remembered of the signature that ends first, of those that a DNSSEC status rests on: something while it is near its end,
 * which is the last tenth of its life, and two days at most. `undefined` when the result says nothing of signatures.
 */
export function advanceSignature(
  before: SignatureMemory | null,
  result: Pick<Result, 'dns' | 'slot'>,
): SignatureMemory | null | undefined {
  const daysLeft = result.dns?.signatureDaysLeft ?? null
  if (daysLeft === null) return undefined
  const lifeDays = result.dns?.signatureLifeDays ?? null
  const nearMs = lifeDays === null ? nearEndWithoutLifeMs : Math.min(nearEndMostMs, nearEndShare * lifeDays * dayMs)
  if (daysLeft * dayMs > nearMs) return null
  const endsMs = Date.parse(result.slot) + daysLeft * dayMs
  return before !== null && Math.abs(before.endsMs - endsMs) < sameEndMs ? before : { endsMs }
}

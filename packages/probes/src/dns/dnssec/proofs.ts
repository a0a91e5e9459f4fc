import type { Proofs } from './denial.ts'
import { nsecProofs } from './nsec.ts'
import { nsec3Proofs } from './nsec3.ts'
import type { RRset } from './rrset.ts'
import type { Ledger } from './signature.ts'

/** Reads the records that deny, whose signatures have been checked, as those of one zone; undefined when there are none. */
export function proofsOf(sets: readonly RRset[], zone: string, ledger: Ledger): Proofs | undefined {
  const nsec = sets.filter(({ type }) => type === 'NSEC')
  const nsec3 = sets.filter(({ type }) => type === 'NSEC3')
  if (nsec3.length > 0) return nsec3Proofs(nsec3, zone, ledger)
  return nsec.length > 0 ? nsecProofs(nsec, zone) : undefined
}

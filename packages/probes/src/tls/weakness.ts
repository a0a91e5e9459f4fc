import { TargetFailure } from '../failure.ts'
import type { ChainLink } from './chain.ts'
import { isSelfIssued, pathFrom } from './path.ts'
import { which, whichPlainly } from './wording.ts'

/**
 * An RSA key under 2048 bits, or a signature with MD5 or SHA-1 below the root, on the way to the root: what a server sends
 * beyond that, nobody relies on.
 */
export function weak(
  chain: readonly [ChainLink, ...ChainLink[]],
  caPem: string | undefined,
  nowMs: number,
): TargetFailure | undefined {
  // The way is only looked for when anything is weak at all.
  if (!chain.some((link) => weakness(link) !== undefined)) return undefined
  const { links } = pathFrom(chain, caPem, nowMs)
  for (const link of links) {
    const what = weakness(link)
    if (what === undefined) continue
    const seen = { certificate: whichPlainly(chain, link), weakness: what.noun }
    return new TargetFailure('tls_weak', `${which(chain, link)} ${what.verb} ${what.noun}`, { seen })
  }
  return undefined
}

type Weakness = { verb: string; noun: string }

// By the link, which is one object as long as it is remembered.
const judged = new WeakMap<ChainLink, Weakness | 'none'>()

function weakness(link: ChainLink): Weakness | undefined {
  const known = judged.get(link) ?? findWeakness(link) ?? 'none'
  judged.set(link, known)
  return known === 'none' ? undefined : known
}

function findWeakness(link: ChainLink): Weakness | undefined {
  const { keyType, keyBits, signature } = link.facts
  if (keyType.startsWith('rsa') && keyBits !== null && keyBits < 2048) {
    return { verb: 'has', noun: `an RSA key of ${keyBits} bits` }
  }
  // A root is trusted for itself, not for its signature.
  if (/md[245]|sha-?1(?!\d)/i.test(signature) && !isSelfIssued(link)) return { verb: 'is signed with', noun: signature }
  return undefined
}

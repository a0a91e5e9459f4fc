import { createHash, type X509Certificate } from 'node:crypto'
import type { OcspFacts } from '@sonde/core'
import { messageOf, TargetFailure } from '../failure.ts'
import type { ChainLink } from './chain.ts'
import { readCertificate } from './extensions.ts'
import { type OcspStatus, readOcsp } from './ocsp.ts'
import { pathFrom } from './path.ts'
import { spanText, which, whichPlainly } from './wording.ts'

type Read = OcspStatus | { problem: string }

// A server staples the same answer for days; checking its signature costs as much as a handshake.
const read = new Map<string, Read>()
const maxRead = 1024
// Clocks differ, and responders are as quick to date an answer as browsers are to forgive it.
const skewMs = 5 * 60_000
// Whether a certificate must be stapled, by the link, which is one object as long as it is remembered.
const demands = new WeakMap<ChainLink, boolean>()

type Stapled = { staple: Buffer | null; caPem: string | undefined; nowMs: number }
type Chain = readonly [ChainLink, ...ChainLink[]]

/**
 * What is told of the OCSP answer that came with the handshake, also of one that is out of date; null where none came, or one
 * that cannot be read, is about another certificate, or was not signed by the issuer or its delegate.
 */
export function stapleFacts(chain: readonly ChainLink[], { staple, caPem, nowMs }: Stapled): OcspFacts | null {
  const [leaf, ...rest] = chain
  if (leaf === undefined || staple === null || staple.length === 0) return null
  const found = readOnce(staple, leaf, () => issuerOf([leaf, ...rest], caPem, nowMs), nowMs)
  if ('problem' in found) return null
  const { status, thisUpdateMs, nextUpdateMs } = found
  return { status, thisUpdate: instantText(thisUpdateMs), nextUpdate: instantText(nextUpdateMs) }
}

function instantText(ms: number): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

/**
 * What the OCSP answer that came with the handshake says of the leaf. Nothing is fetched. As browsers do, an answer that
 * cannot be relied on (out of date, of another signer) counts as none, and none is a fault only of a certificate that must be
 * stapled (RFC 7633).
 */
export function judgeStaple(chain: Chain, { staple, caPem, nowMs }: Stapled): TargetFailure | undefined {
  const [leaf] = chain
  const must = mustStaple(leaf)
  if (staple === null || staple.length === 0) {
    return must ? unstapled(chain, 'the server sent none') : undefined
  }
  const found = readOnce(staple, leaf, () => issuerOf(chain, caPem, nowMs), nowMs)
  const problem = 'problem' in found ? found.problem : staleness(found, nowMs)
  if (problem !== undefined || 'problem' in found) return must ? unstapled(chain, problem ?? 'unusable') : undefined
  if (found.status === 'revoked') return revoked(chain, found, nowMs)
  return found.status === 'unknown' && must ? unstapled(chain, 'the responder does not know it') : undefined
}

function revoked(chain: Chain, found: OcspStatus, nowMs: number): TargetFailure {
  const { reason, revokedAtMs } = found
  const ago = Number.isNaN(revokedAtMs) ? undefined : `${spanText(Math.max(0, nowMs - revokedAtMs))} ago`
  const when = ago === undefined ? '' : ` ${ago}`
  const why = reason === undefined ? '' : ` (${reason})`
  return new TargetFailure(
    'tls_revoked',
    `${which(chain, chain[0])} was revoked${when}${why}, says its stapled OCSP answer`,
    {
      seen: {
        certificate: whichPlainly(chain, chain[0]),
        ...(ago === undefined ? {} : { ago }),
        ...(reason === undefined ? {} : { reason }),
      },
    },
  )
}

function unstapled(chain: Chain, problem: string): TargetFailure {
  const reason = `${which(chain, chain[0])} demands a stapled OCSP answer (must-staple): ${problem}`
  return new TargetFailure('tls_invalid_chain', reason, {
    seen: { certificate: whichPlainly(chain, chain[0]), reason },
  })
}

function readOnce(staple: Buffer, leaf: ChainLink, issuer: () => X509Certificate | undefined, nowMs: number): Read {
  const key = `${leaf.facts.sha256} ${createHash('sha256').update(staple).digest('base64')}`
  const known = read.get(key)
  if (known !== undefined) return known
  const by = issuer()
  // Another check, with other authorities, may know the issuer.
  if (by === undefined) return { problem: 'its issuer is not here to check the answer with' }
  const fresh = readWith(staple, leaf, by, nowMs)
  if (read.size >= maxRead) read.delete(read.keys().next().value ?? '')
  read.set(key, fresh)
  return fresh
}

function readWith(staple: Buffer, leaf: ChainLink, issuer: X509Certificate, nowMs: number): Read {
  try {
    return readOcsp(staple, leaf.x509, issuer, nowMs)
  } catch (error) {
    // A DerError of ours, or what OpenSSL says of a certificate or key inside the answer: either is the server's doing.
    return { problem: `the answer cannot be used: ${messageOf(error)}` }
  }
}

function issuerOf(chain: Chain, caPem: string | undefined, nowMs: number): X509Certificate | undefined {
  const { links, anchor } = pathFrom(chain, caPem, nowMs)
  return links[1]?.x509 ?? anchor
}

function staleness({ thisUpdateMs, nextUpdateMs }: OcspStatus, nowMs: number): string | undefined {
  if (!(thisUpdateMs <= nowMs + skewMs)) return 'the answer is not valid yet'
  if (nextUpdateMs < nowMs - skewMs) return `the answer ended ${spanText(nowMs - nextUpdateMs)} ago`
  return undefined
}

function mustStaple(leaf: ChainLink): boolean {
  const known = demands.get(leaf)
  if (known !== undefined) return known
  const demanded = readDemand(leaf)
  demands.set(leaf, demanded)
  return demanded
}

function readDemand({ x509 }: ChainLink): boolean {
  try {
    return readCertificate(x509.raw).extensions.mustStaple
  } catch {
    return false
  }
}

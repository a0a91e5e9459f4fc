import { TargetFailure } from '../failure.ts'
import { nameText } from './certificate.ts'
import type { ChainLink } from './chain.ts'
import type { Path } from './path.ts'
import { shortened, spanText, which, whichPlainly } from './wording.ts'

type Chain = readonly [ChainLink, ...ChainLink[]]

/** Whether a certificate is valid at this instant; a date that cannot be read says nothing. */
export function isOfTime({ notBeforeMs, notAfterMs }: ChainLink, nowMs: number): boolean {
  return !(notBeforeMs > nowMs) && !(notAfterMs < nowMs)
}

/**
 * The certificate that has expired, else the one that is not valid yet: of the way to the root first, then of all that were
 * sent, whether anybody needs them or not.
 */
export function outOfTime(chain: Chain, path: Path, nowMs: number): TargetFailure | undefined {
  const { links, anchor } = path
  const others = chain.filter((link) => !links.includes(link))
  const isTrustedWithout =
    anchor !== undefined && !isPast(anchor.validToDate.getTime(), nowMs) && links.every((link) => isOfTime(link, nowMs))
  const late = ({ notAfterMs }: ChainLink): boolean => isPast(notAfterMs, nowMs)
  const early = ({ notBeforeMs }: ChainLink): boolean => notBeforeMs > nowMs
  const onTheWay = links.find(late)
  if (onTheWay !== undefined) return expired(chain, onTheWay, nowMs)
  const root = expiredRoot(chain, path, nowMs)
  if (root !== undefined) return root
  const beside = others.find(late)
  if (beside !== undefined) return expired(chain, beside, nowMs, isTrustedWithout)
  const unborn = links.find(early) ?? others.find(early)
  return unborn === undefined ? undefined : notYetValid(chain, unborn, nowMs)
}

function isPast(endMs: number, nowMs: number): boolean {
  return endMs < nowMs
}

function expired(chain: Chain, link: ChainLink, nowMs: number, isUnneeded = false): TargetFailure {
  const { notAfter, issuer } = link.facts
  const ago = `${spanText(nowMs - link.notAfterMs)} ago`
  const seen = {
    certificate: whichPlainly(chain, link),
    ago,
    until: notAfter,
    issuer: shortened(issuer),
    ...(link === chain[0] ? {} : { leafUntil: chain[0].facts.notAfter }),
    ...(isUnneeded ? { unneeded: 'yes' } : {}),
  }
  const without = isUnneeded ? '; the leaf is trusted without it' : ''
  return new TargetFailure('tls_expired', `${which(chain, link)} expired ${ago}, on ${notAfter}${without}`, { seen })
}

function expiredRoot(chain: Chain, { anchor }: Path, nowMs: number): TargetFailure | undefined {
  const untilMs = anchor?.validToDate.getTime() ?? Number.NaN
  if (anchor === undefined || !isPast(untilMs, nowMs)) return undefined
  const name = shortened(nameText(anchor.subject))
  const ago = `${spanText(nowMs - untilMs)} ago`
  const until = new Date(untilMs).toISOString()
  const leafUntil = chain[0].facts.notAfter
  return new TargetFailure(
    'tls_expired',
    `the trusted root \`${name}\` that the chain ends in expired ${ago}, on ${until}`,
    {
      seen: { certificate: `${name} (the trusted root)`, ago, until, issuer: name, leafUntil },
    },
  )
}

function notYetValid(chain: Chain, link: ChainLink, nowMs: number): TargetFailure {
  const ahead = spanText(link.notBeforeMs - nowMs)
  const { notBefore: from } = link.facts
  return new TargetFailure(
    'tls_not_yet_valid',
    `${which(chain, link)} is not valid for another ${ahead}, until ${from}`,
    {
      seen: { certificate: whichPlainly(chain, link), ahead, from },
    },
  )
}

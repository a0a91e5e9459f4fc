import { hash } from 'node:crypto'
import { explain, type MissedReason, missedReasons } from './failure.ts'
import { noPhases } from './probe.ts'
import type { Result } from './result.ts'

/**
 * What is stored of every result. The whole document is kept beside it, as a *detail*, only for what is down, for the first
 * whose facts differ from the detail before, and for one sample an hour: most results say what the one before said.
 */
export type NarrowResult = Pick<
  Result,
  'region' | 'slot' | 'startedAt' | 'outcome' | 'durationMs' | 'attempts' | 'phases' | 'timing'
> & {
  code: string | null
  ip: string | null
}

/** The last detail of a check in a region: its slot, a digest of its facts, and the address that it was from. */
export type DetailMark = { slotMs: number; facts: string; ip: string | null }

const sampleMs = 3_600_000

/** Whether the whole document of a result is kept, given the detail before it. `facts` are the result's own. */
export function keepsDetail(
  before: DetailMark | null,
  result: Pick<Result, 'outcome' | 'slot'>,
  facts: string,
): boolean {
  if (result.outcome === 'down' || before === null) return true
  return before.facts !== facts || Date.parse(result.slot) - before.slotMs >= sampleMs
}

/**
 * A digest of what a result says of its target, beyond what `NarrowResult` has of each: status, version, redirects, the
 * connection's TLS and chain, the answers. Headers, sizes and TTLs change with every answer and are not in it.
 */
export function factsOf(result: Result): string {
  const { outcome, error, http, tls, dns, tcp, icmp } = result
  const facts = [
    outcome,
    error?.code,
    http && [
      http.status,
      http.version,
      http.finalUrl,
      http.bodyTruncated,
      http.redirects.map(({ status, location }) => [status, location]),
    ],
    tls && [tls.version, tls.cipher, tls.alpn, tls.authorized, tls.serverName, tls.chain.map(({ sha256 }) => sha256)],
    dns && [
      dns.rcode,
      dns.flags,
      dns.status,
      dns.serial,
      dns.agree,
      dns.answers.map(({ name, type, data }) => `${name} ${type} ${data}`).sort(),
    ],
    tcp?.received,
    icmp && [icmp.sent, icmp.received],
  ]
  // 96 bits: a result is compared with the one before it alone.
  return hash('sha256', JSON.stringify(facts), 'base64url').slice(0, 16)
}

/**
 * The document of a stored result. Without a detail of its own it is put together from what is stored of it and from the
 * detail before it, whose facts are the same; `detailSlot` says which that was, since headers, sizes, TTLs and what assertions
 * saw are of then.
 */
export function documentOf(
  narrow: NarrowResult,
  check: Pick<Result, 'checkKey' | 'kind' | 'target'>,
  before: Result | null,
): Result {
  const { code, ip, region, slot, startedAt, outcome, durationMs, attempts, phases, timing } = narrow
  const own = {
    region,
    slot,
    startedAt,
    outcome,
    durationMs,
    attempts,
    phases,
    ...(timing === undefined ? {} : { timing }),
  }
  if (outcome === 'missed' || before === null || before.outcome !== outcome) {
    return { ...nothingSeen, ...check, ...own, error: missedError(code, slot, before), ip, ipFamily: familyOf(ip) }
  }
  const address = ip ?? before.ip
  const tls = before.tls && { ...before.tls, daysLeft: daysUntil(before.tls.earliestExpiry, slot) }
  // What is known of this very result. Others saw what the detail says, since the facts are the same; a body or a header is of then.
  const known: Record<string, unknown> = { ...timesOf(narrow), 'cert.daysLeft': tls?.daysLeft ?? null, ip: address }
  return {
    ...nothingSeen,
    checkKey: before.checkKey,
    kind: before.kind,
    target: before.target,
    ...own,
    ip: address,
    ipFamily: familyOf(address),
    assertions: before.assertions.map(({ actual, ...assertion }) => ({
      ...assertion,
      actual: assertion.source in known ? known[assertion.source] : actual,
    })),
    http: before.http,
    tls,
    dns: before.dns,
    tcp: before.tcp,
    icmp: before.icmp,
    detailSlot: before.slot,
  }
}

// What blackbox_exporter's series tell of headers changes with every answer.
const measuredHeaders = ['content-length', 'last-modified']

/** The newest result as a state row holds it: without what its detail has too, so that it is cheap to rewrite with each result. */
export function withoutDetail(result: Result): Result {
  const { http, tls } = result
  return {
    ...result,
    http: http && {
      ...http,
      headers: Object.fromEntries(
        measuredHeaders.flatMap((name) => (http.headers[name] === undefined ? [] : [[name, http.headers[name]]])),
      ),
    },
    tls: tls && { ...tls, chain: [] },
  }
}

/** The reverse: chain and headers are those of the detail, whose facts are the same. */
export function withDetail(recent: Result, detail: Result | null): Result {
  if (detail === null) return recent
  const { http, tls } = recent
  return {
    ...recent,
    http: http && { ...http, headers: { ...detail.http?.headers, ...http.headers } },
    tls: tls && { ...tls, chain: detail.tls?.chain ?? [] },
    ...(detail.slot === recent.slot ? {} : { detailSlot: detail.slot }),
  }
}

const nothingSeen = {
  ip: null,
  ipFamily: null,
  phases: noPhases,
  error: null,
  assertions: [],
  http: null,
  tls: null,
  dns: null,
  tcp: null,
  icmp: null,
} satisfies Partial<Result>

function missedError(code: string | null, slot: string, before: Result | null): Result['error'] {
  const reason = missedReasons.find((one): one is MissedReason => one === code)
  // That a region has no worker is said in the same words for every slot of the outage.
  if (reason === 'no_worker' && before?.error?.code === reason) return before.error
  return reason === undefined ? null : explain(reason, `no result for the slot of ${slot}`)
}

function familyOf(ip: string | null): 4 | 6 | null {
  if (ip === null) return null
  return ip.includes(':') ? 6 : 4
}

/** By assertion source. */
function timesOf({ durationMs, phases }: NarrowResult): Record<string, number | null> {
  return {
    duration: durationMs,
    'phase.dns': phases.dnsMs,
    'phase.connect': phases.connectMs,
    'phase.tls': phases.tlsMs,
    'phase.ttfb': phases.ttfbMs,
    'phase.transfer': phases.transferMs,
  }
}

function daysUntil(expiry: string | null, slot: string): number | null {
  return expiry === null ? null : Math.round(((Date.parse(expiry) - Date.parse(slot)) / 86_400_000) * 100) / 100
}

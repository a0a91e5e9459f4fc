import type { FailureCode, PhaseName } from './failure.ts'

/** Time spent in each phase, in milliseconds, summed over redirects; null where a probe did not get that far or has no such phase. */
export type Phases = {
  dnsMs: number | null
  connectMs: number | null
  tlsMs: number | null
  ttfbMs: number | null
  transferMs: number | null
}

export const noPhases: Phases = { dnsMs: null, connectMs: null, tlsMs: null, ttfbMs: null, transferMs: null }

export type CertificateFacts = {
  subject: string
  issuer: string
  serial: string
  notBefore: string
  notAfter: string
  sha256: string
  san: string[]
  keyType: string
  keyBits: number | null
  signature: string
}

export type TlsFacts = {
  version: string
  cipher: string
  alpn: string | null
  authorized: boolean
  serverName: string
  chain: CertificateFacts[]
  earliestExpiry: string | null
  daysLeft: number | null
}

export type HttpFacts = {
  status: number
  version: string
  redirects: { status: number; location: string; ip: string | null }[]
  headers: Record<string, string>
  bodyBytes: number
  bodyTruncated: boolean
  finalUrl: string
}

export type DnsFacts = {
  server: string
  rcode: string
  flags: string[]
  answers: { name: string; type: string; ttl: number; data: string }[]
  authorityCount: number
  additionalCount: number
}

export type TcpFacts = {
  /** What came back, cut to a bearable length; null when nothing was to be read. */
  received: string | null
}

export type IcmpFacts = {
  sent: number
  received: number
  lossPercent: number
  rttMinMs: number | null
  rttAvgMs: number | null
  rttMaxMs: number | null
  rttStddevMs: number | null
  /** Of the last reply. */
  hopLimit: number | null
}

/** What a probe saw. It comes with success and failure alike: a failed target is when it matters most. */
export type Facts = {
  ip: string | null
  ipFamily: 4 | 6 | null
  http?: HttpFacts
  tls?: TlsFacts
  dns?: DnsFacts
  tcp?: TcpFacts
  icmp?: IcmpFacts
  /** The decoded body, for assertions only; never stored. */
  body?: string
}

export type ProbeError = { code: FailureCode; phase: PhaseName; message: string }

export type ProbeOutcome =
  | { outcome: 'up'; phases: Phases; facts: Facts }
  | { outcome: 'down'; phases: Phases; facts: Facts; error: ProbeError }

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

/** What a stapled answer says of the leaf (RFC 6960); an instant that it does not give is null. */
export type OcspFacts = {
  status: 'good' | 'revoked' | 'unknown'
  thisUpdate: string | null
  nextUpdate: string | null
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
  /** The answer that the server stapled and its issuer signed; null when there is none. Results of old have no such field. */
  ocsp?: OcspFacts | null | undefined
}

/** An answer that led on; `phases` are those of its own connection. */
export type Redirect = { status: number; location: string; ip: string | null; phases?: Phases | undefined }

export type HttpFacts = {
  status: number
  version: string
  redirects: Redirect[]
  headers: Record<string, string>
  bodyBytes: number
  bodyTruncated: boolean
  finalUrl: string
}

/** What DNSSEC says of an answer (RFC 4033 5). */
export type DnssecStatus = 'secure' | 'insecure' | 'bogus' | 'indeterminate'

/** One server's answer. */
export type DnsReplyFacts = {
  server: string
  rcode: string
  flags: string[]
  /** At most 100, their data in the form of zone files and cut after 1024 characters. */
  answers: { name: string; type: string; ttl: number; data: string }[]
  /** How many answers there were. */
  answerCount?: number | undefined
  authorityCount: number
  additionalCount: number
  /** Of the zone's SOA record, in the answer or beside it. */
  serial?: number | null | undefined
  /** Null when the check does not ask for it. */
  status?: DnssecStatus | null | undefined
  /** Why the status is not secure. */
  statusReason?: string | null | undefined
  /** Days until the first of the signatures expires that the status rests on; below 0 when one has. */
  signatureDaysLeft?: number | null | undefined
  /** How long that signature is good for in all, in days. */
  signatureLifeDays?: number | null | undefined
}

/** One server of several: its answer, or why there is none. */
export type DnsServerFacts = {
  server: string
  ip: string | null
  durationMs: number
  reply: DnsReplyFacts | null
  error: { code: string; message: string } | null
}

/** The answer that the verdict rests on, and with several servers what each of them said. */
export type DnsFacts = DnsReplyFacts & {
  servers?: DnsServerFacts[] | undefined
  /** Whether all servers gave the same answers, whatever the order and the time to live; null for one server. */
  agree?: boolean | null | undefined
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

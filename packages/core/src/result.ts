import { z } from 'zod'
import { CheckKey, RegionName } from './check.ts'
import { failureCodes, missedReasons, phaseNames } from './failure.ts'
import { type CheckKind, checkKinds } from './kinds/registry.ts'

const Instant = z.iso.datetime({ precision: 3 })
const Ms = z.number().nullable()
const PhaseTimes = z.object({ dnsMs: Ms, connectMs: Ms, tlsMs: Ms, ttfbMs: Ms, transferMs: Ms })

const CertificateDocument = z.object({
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  sha256: z.string(),
  san: z.array(z.string()),
  keyType: z.string(),
  keyBits: z.number().nullable(),
  signature: z.string(),
})

const OcspDocument = z.object({
  status: z.enum(['good', 'revoked', 'unknown']),
  thisUpdate: z.string().nullable(),
  nextUpdate: z.string().nullable(),
})

const TlsDocument = z.object({
  version: z.string(),
  cipher: z.string(),
  alpn: z.string().nullable(),
  authorized: z.boolean(),
  serverName: z.string(),
  chain: z.array(CertificateDocument),
  earliestExpiry: z.string().nullable(),
  daysLeft: z.number().nullable(),
  ocsp: OcspDocument.nullable().optional(),
})

const HttpDocument = z.object({
  status: z.number(),
  version: z.string(),
  redirects: z.array(
    z.object({ status: z.number(), location: z.string(), ip: z.string().nullable(), phases: PhaseTimes.optional() }),
  ),
  headers: z.record(z.string(), z.string()),
  bodyBytes: z.number(),
  bodyTruncated: z.boolean(),
  finalUrl: z.string(),
})

const DnsReplyDocument = z.object({
  server: z.string(),
  rcode: z.string(),
  flags: z.array(z.string()),
  answers: z.array(z.object({ name: z.string(), type: z.string(), ttl: z.number(), data: z.string() })),
  answerCount: z.int().optional(),
  authorityCount: z.number(),
  additionalCount: z.number(),
  serial: z.int().nullable().optional(),
  status: z.enum(['secure', 'insecure', 'bogus', 'indeterminate']).nullable().optional(),
  statusReason: z.string().nullable().optional(),
  signatureDaysLeft: z.number().nullable().optional(),
  signatureLifeDays: z.number().nullable().optional(),
})

const DnsDocument = DnsReplyDocument.extend({
  servers: z
    .array(
      z.object({
        server: z.string(),
        ip: z.string().nullable(),
        durationMs: z.number(),
        reply: DnsReplyDocument.nullable(),
        error: z.object({ code: z.string(), message: z.string() }).nullable(),
      }),
    )
    .optional(),
  agree: z.boolean().nullable().optional(),
})

const TcpDocument = z.object({ received: z.string().nullable() })

const IcmpDocument = z.object({
  sent: z.int(),
  received: z.int(),
  lossPercent: z.number(),
  rttMinMs: Ms,
  rttAvgMs: Ms,
  rttMaxMs: Ms,
  rttStddevMs: Ms,
  hopLimit: z.number().nullable(),
})

export const AssertionResult = z.object({
  source: z.string(),
  name: z.string().optional(),
  path: z.string().optional(),
  op: z.string(),
  expected: z.unknown(),
  actual: z.unknown(),
  ok: z.boolean(),
})
export type AssertionResult = z.output<typeof AssertionResult>

/** The result document of the contract: what a probe found, or why there was none. */
export const Result = z.object({
  checkKey: CheckKey,
  region: RegionName,
  kind: z.enum(Object.keys(checkKinds) as [CheckKind, ...CheckKind[]]),
  target: z.string(),
  slot: Instant,
  startedAt: Instant.nullable(),
  outcome: z.enum(['up', 'down', 'missed']),
  durationMs: z.number(),
  attempts: z.int(),
  ip: z.string().nullable(),
  ipFamily: z.union([z.literal(4), z.literal(6)]).nullable(),
  phases: PhaseTimes,
  error: z
    .object({
      code: z.enum([...failureCodes, ...missedReasons]),
      phase: z.enum(phaseNames),
      message: z.string(),
      cause: z.string(),
      remedy: z.string(),
    })
    .nullable(),
  assertions: z.array(AssertionResult),
  http: HttpDocument.nullable(),
  tls: TlsDocument.nullable(),
  dns: DnsDocument.nullable(),
  tcp: TcpDocument.nullable().default(null),
  icmp: IcmpDocument.nullable().default(null),
  /** `delayed` when the event loop was held up while the probe ran: such timings are not to be trusted. */
  timing: z.literal('delayed').optional(),
  /** The slot of the result that headers, sizes, TTLs and assertions' `actual` are from, when this one's own were not kept. */
  detailSlot: Instant.optional(),
})
export type Result = z.output<typeof Result>

import { Check, type CheckInput, type Evidence, parseHostPort, type Result } from '@sonde/core'
import type { EgressPolicy } from '../net/egress.ts'
import { probe } from '../probe.ts'
import { isPublicName } from './public-name.ts'
import { traceTo } from './trace.ts'

// All of it, so that it is there while somebody still wonders: what is not by then is left out.
const patienceMs = 20_000
// The first message of an incident waits a second for what is seen by then, the way through two queues included.
const earlyMs = 600
const familyTimeout = '5s'
const resolverTimeout = '3s'

export type EvidenceOptions = {
  region: string
  egress: EgressPolicy
  /** `host:port` of the resolvers that are asked beside the check's own, about public names alone. */
  resolvers: readonly string[]
  /** Whether the way to the target may be traced. */
  trace: boolean
  now: () => number
  signal: AbortSignal
  /** Hears what is known after 600 ms, or before the way is traced, where there is more to come. */
  onEarly?: (evidence: Evidence) => void
}

/**
 * Looks at a target that has just gone down from more sides than its check does: over each address family, by other resolvers, its
 * chain, and the way to it. No request of the check is repeated: it connects, speaks TLS where the check does, and leaves.
 */
export async function takeEvidence(check: Check, options: EvidenceOptions): Promise<Evidence> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(patienceMs)])
  const own = { ...options, signal }
  const seen: Seen = { families: [], resolvers: [] }
  let told = false
  const tellEarly = () => {
    if (told || seen.families.length + seen.resolvers.length === 0) return
    told = true
    options.onEarly?.({ ...documentOf(seen, options), partial: true })
  }
  const timer = setTimeout(tellEarly, earlyMs)
  try {
    await Promise.all([lookOverFamilies(check, own, seen), askResolvers(check, own, seen)])
    const dialled = seen.families.find(({ result }) => result.outcome === 'down' && result.ip !== null)
    const address = (dialled ?? seen.families[0])?.result.ip ?? null
    if (!options.trace || address === null || options.egress.denies(address) !== undefined)
      return documentOf(seen, options)
    tellEarly()
    return { ...documentOf(seen, options), trace: await traceTo(address, signal) }
  } finally {
    clearTimeout(timer)
  }
}

type Look = { family: 4 | 6; result: Result }
/** What is known by now, in the order in which it came. */
type Seen = { families: Look[]; resolvers: Evidence['resolvers'] }

function documentOf({ families, resolvers }: Seen, { region, resolvers: asked, now }: EvidenceOptions): Evidence {
  const chain = families.map(({ result }) => result.tls?.chain ?? []).find((one) => one.length > 0)
  return {
    region,
    takenAt: new Date(now()).toISOString(),
    partial: false,
    families: families
      .toSorted((a, b) => b.family - a.family)
      .map(({ family, result }) => ({
        family,
        address: result.ip,
        outcome: result.outcome === 'up' ? 'up' : 'down',
        code: result.error?.code ?? null,
        message: result.error?.message.slice(0, 500) ?? null,
        durationMs: result.durationMs,
      })),
    resolvers: resolvers.toSorted((a, b) => asked.indexOf(a.server) - asked.indexOf(b.server)),
    chain:
      chain?.slice(0, 10).map(({ subject, issuer, notAfter, sha256 }) => ({
        subject: subject.slice(0, 500),
        issuer: issuer.slice(0, 500),
        notAfter,
        sha256,
      })) ?? null,
    trace: null,
  }
}

async function lookOverFamilies(check: Check, options: EvidenceOptions, { families }: Seen): Promise<void> {
  const looks = ([6, 4] as const).map(async (family) => {
    const look = lookOver(check, `${family}`)
    const result = look === undefined ? undefined : await tried(look, options)
    // A name without an address of the family, or a machine without the family, says nothing of the target.
    const silent = result === undefined || ['dns_nodata', 'net_unreachable'].includes(result.error?.code ?? '')
    if (!silent) families.push({ family, result })
  })
  await Promise.all(looks)
}

/** A probe of the same target over one family that does no more than connect; undefined where families do not matter. */
function lookOver(check: Check, ipFamily: '4' | '6'): Check | undefined {
  const timing = { key: 'evidence', interval: '1m', timeout: familyTimeout } as const
  switch (check.kind) {
    case 'http': {
      const { protocol, hostname, port } = new URL(check.target)
      const tls = protocol === 'https:'
      const target = `${hostname}:${port === '' ? (tls ? 443 : 80) : port}`
      const { resolvers } = check.http
      return made({
        ...timing,
        kind: 'tcp',
        target,
        tcp: { ipFamily, resolvers, ...(tls ? { tls: check.http.tls ?? {} } : {}) },
      })
    }
    case 'tls':
      return made({ ...timing, kind: 'tls', target: check.target, tls: { ...check.tls, ipFamily } })
    case 'tcp': {
      const { resolvers, tls } = check.tcp
      return made({ ...timing, kind: 'tcp', target: check.target, tcp: { ipFamily, resolvers, tls } })
    }
    case 'icmp':
      return made({ ...timing, kind: 'icmp', target: check.target, icmp: { ipFamily, count: 1 } })
    case 'dns':
      return undefined
  }
}

async function askResolvers(check: Check, options: EvidenceOptions, { resolvers }: Seen): Promise<void> {
  const name = nameOf(check)
  if (name === undefined || !isPublicName(name)) return
  const recordType = check.kind === 'dns' ? check.dns.recordType : 'A'
  const timing = { key: 'evidence', interval: '1m', timeout: resolverTimeout } as const
  await Promise.all(
    options.resolvers.slice(0, 2).map(async (server) => {
      const asked = made({ ...timing, kind: 'dns', target: name, dns: { recordType, servers: [`udp://${server}`] } })
      const result = asked === undefined ? undefined : await tried(asked, options)
      const dns = result?.dns ?? null
      const answers = (dns?.answers ?? []).map(({ data }) => data.slice(0, 255)).slice(0, 16)
      resolvers.push({
        server,
        rcode: dns?.rcode ?? null,
        answers,
        error: dns === null ? (result?.error?.code ?? 'no answer') : null,
      })
    }),
  )
}

function nameOf(check: Check): string | undefined {
  if (check.kind === 'http') return new URL(check.target).hostname
  if (check.kind === 'tls' || check.kind === 'tcp') return parseHostPort(check.target)?.host
  return check.target
}

/** Undefined when the check's own settings do not go together with a look of this kind. */
function made(input: CheckInput): Check | undefined {
  return Check.safeParse(JSON.parse(JSON.stringify(input))).data
}

/** Undefined when it could not be done here, or not in time. */
async function tried(check: Check, { region, egress, now, signal }: EvidenceOptions): Promise<Result | undefined> {
  try {
    return await probe(check, { region, slot: new Date(now()), egress, now, signal })
  } catch {
    return undefined
  }
}

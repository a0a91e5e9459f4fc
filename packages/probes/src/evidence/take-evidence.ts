import { Check, type CheckInput, type Evidence, parseHostPort, type Result } from '@sonde/core'
import type { EgressPolicy } from '../net/egress.ts'
import { probe } from '../probe.ts'
import { isPublicName } from './public-name.ts'
import { traceTo } from './trace.ts'

// All of it, so that it is there while somebody still wonders: what is not by then is left out.
const patienceMs = 20_000
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
}

/**
 * Looks at a target that has just gone down from more sides than its check does: over each address family, by other resolvers, its
 * chain, and the way to it. No request of the check is repeated: it connects, speaks TLS where the check does, and leaves.
 */
export async function takeEvidence(check: Check, options: EvidenceOptions): Promise<Evidence> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(patienceMs)])
  const own = { ...options, signal }
  const [families, resolvers] = await Promise.all([familiesOf(check, own), resolversOf(check, own)])
  const chain = families.map(({ result }) => result.tls?.chain ?? []).find((one) => one.length > 0)
  const dialled = families.find(({ result }) => result.outcome === 'down' && result.ip !== null) ?? families[0]
  const address = dialled?.result.ip ?? null
  const mayTrace = options.trace && address !== null && options.egress.denies(address) === undefined
  return {
    region: options.region,
    takenAt: new Date(options.now()).toISOString(),
    families: families.map(({ family, result }) => ({
      family,
      address: result.ip,
      outcome: result.outcome === 'up' ? 'up' : 'down',
      code: result.error?.code ?? null,
      message: result.error?.message.slice(0, 500) ?? null,
      durationMs: result.durationMs,
    })),
    resolvers,
    chain:
      chain?.slice(0, 10).map(({ subject, issuer, notAfter, sha256 }) => ({
        subject: subject.slice(0, 500),
        issuer: issuer.slice(0, 500),
        notAfter,
        sha256,
      })) ?? null,
    trace: mayTrace ? await traceTo(address, signal) : null,
  }
}

async function familiesOf(check: Check, options: EvidenceOptions) {
  const looks = ([6, 4] as const).map(async (family) => {
    const look = lookOver(check, `${family}`)
    const result = look === undefined ? undefined : await tried(look, options)
    // A name without an address of the family, or a machine without the family, says nothing of the target.
    const silent = result === undefined || ['dns_nodata', 'net_unreachable'].includes(result.error?.code ?? '')
    return silent ? [] : [{ family, result }]
  })
  return (await Promise.all(looks)).flat()
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

async function resolversOf(check: Check, options: EvidenceOptions): Promise<Evidence['resolvers']> {
  const name = nameOf(check)
  if (name === undefined || !isPublicName(name)) return []
  const recordType = check.kind === 'dns' ? check.dns.recordType : 'A'
  const timing = { key: 'evidence', interval: '1m', timeout: resolverTimeout } as const
  return Promise.all(
    options.resolvers.slice(0, 2).map(async (server) => {
      const asked = made({ ...timing, kind: 'dns', target: name, dns: { recordType, servers: [`udp://${server}`] } })
      const result = asked === undefined ? undefined : await tried(asked, options)
      const dns = result?.dns ?? null
      const answers = (dns?.answers ?? []).map(({ data }) => data.slice(0, 255)).slice(0, 16)
      return {
        server,
        rcode: dns?.rcode ?? null,
        answers,
        error: dns === null ? (result?.error?.code ?? 'no answer') : null,
      }
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

import type { Facts, IcmpCheck, IcmpFacts } from '@sonde/core'
import { TargetFailure } from '../failure.ts'
import { addPhase, type Observation, type ProbeContext, type ProbeKind } from '../kind.ts'
import { allowedOf } from '../net/egress.ts'
import { type Address, resolveHost } from '../net/resolve.ts'
import { type PingRun, runPing } from './ping.ts'
import type { PingReport } from './ping-output.ts'

/**
 * Echo requests to a host by the system's `ping`, which gets an address and never a name: up when no more than `maxLossPercent`
 * of the replies are missing. `connectMs` is the time until ping's first packet left, `ttfbMs` the average round trip.
 *
 * Where ping is missing or not allowed to ping it throws, for that is our own fault.
 */
export const icmp: ProbeKind<IcmpCheck> = {
  async run(check: IcmpCheck, seen: Observation, context: ProbeContext): Promise<void> {
    const { report, address } = await pingHost(check, seen, context)
    seen.facts.icmp = toFacts(report)
    if (report.rtt !== null) addPhase(seen, 'ttfbMs', report.rtt.avg)
    if (report.received === 0 && report.firstError !== null) {
      throw new TargetFailure('icmp_unreachable', `no reply from ${address}; ${report.firstError}`, {
        seen: { address, reason: report.firstError },
      })
    }
    seen.complete = true
  },
  judge: (check: IcmpCheck, { icmp: facts, ip }: Facts) => lossFailure(check, facts, ip ?? check.target),
  judgedBy: 'loss',
}

/** Pings the first address that this machine has a way to: a host with IPv6 is reached from one that has IPv4 alone. */
async function pingHost(
  check: IcmpCheck,
  seen: Observation,
  context: ProbeContext,
): Promise<{ report: PingReport; address: string }> {
  const startMs = performance.now()
  let addresses: Address[]
  try {
    addresses = await resolveHost(check.target, check.icmp, context)
  } finally {
    addPhase(seen, 'dnsMs', performance.now() - startMs)
  }
  let failure: TargetFailure | undefined
  for (const address of allowedOf(addresses, context.egress)) {
    seen.facts.ip = address.address
    seen.facts.ipFamily = address.family
    const run = await runPing(address, check.icmp.count, context)
    if (run.setupMs !== null) addPhase(seen, 'connectMs', run.setupMs)
    const problem = problemOf(run, address.address)
    if (problem === undefined) return { report: run.report as PingReport, address: address.address }
    failure ??= problem
    if (context.signal.aborted) break
  }
  throw failure ?? new Error('no address to ping')
}

// What connect(2) and sendmsg(2) say of a way that does not exist, as strerror(3) puts it under LC_ALL=C; "ping broadcast" is
// how ping explains EACCES, which a route of the type "prohibit" gives.
const noRoute =
  /Network is unreachable|Network is down|Cannot assign requested address|Address family not supported|Invalid argument|Permission denied|ping broadcast|sendmsg: Operation not permitted|sendto: Operation not permitted/i
// socket(2): neither a raw socket nor one of net.ipv4.ping_group_range is to be had.
const notAllowed = /socket: (?:Operation not permitted|Permission denied)|cap_net_raw/
const noHost = /No route to host|Host is down/i

/** Why nothing was sent, or undefined when something was. Throws what is our own fault: a program that may not ping. */
function problemOf({ report, complaint }: PingRun, address: string): TargetFailure | undefined {
  if (report !== undefined && (report.received > 0 || report.firstError !== null || complaint === '')) return undefined
  const seen = { address, reason: complaint }
  if (notAllowed.test(complaint)) throw new Error(`ping: ${complaint}`)
  if (noHost.test(complaint)) {
    return new TargetFailure('icmp_unreachable', `no way to ${address}: ${complaint}`, { seen })
  }
  if (noRoute.test(complaint)) {
    return new TargetFailure('net_unreachable', `no way to ${address}: ${complaint}`, { seen })
  }
  if (report !== undefined) return undefined
  throw new Error(`ping: ${complaint === '' ? 'it ended without a summary' : complaint}`)
}

function toFacts({ sent, received, rtt, hopLimit }: PingReport): IcmpFacts {
  return {
    sent,
    received,
    lossPercent: sent === 0 ? 100 : Math.round(((sent - Math.min(sent, received)) / sent) * 1e4) / 100,
    rttMinMs: rtt?.min ?? null,
    rttAvgMs: rtt?.avg ?? null,
    rttMaxMs: rtt?.max ?? null,
    rttStddevMs: rtt?.stddev ?? null,
    hopLimit,
  }
}

function lossFailure(check: IcmpCheck, facts: IcmpFacts | undefined, address: string): TargetFailure | undefined {
  const { maxLossPercent } = check.icmp
  if (facts === undefined || facts.lossPercent <= maxLossPercent) return undefined
  const { sent, received, lossPercent } = facts
  const allowed = maxLossPercent === 0 ? 'none may be' : `${maxLossPercent} % may be`
  return new TargetFailure(
    'icmp_loss',
    `${sent - received} of ${sent} replies from ${address} are missing (${lossPercent} %); ${allowed}`,
    {
      seen: { address, loss: `${sent - received} of ${sent} packets (${lossPercent} %)`, limit: `${maxLossPercent} %` },
    },
  )
}

import type { Check } from './check.ts'
import { explain, type MissedReason } from './failure.ts'
import { noPhases } from './probe.ts'
import type { Result } from './result.ts'

/** The result of a probe that never ran: a gap with a reason. */
export function missedResult(
  check: Check,
  region: string,
  slotMs: number,
  reason: MissedReason,
  message: string,
): Result {
  return {
    checkKey: check.key,
    region,
    kind: check.kind,
    target: check.target,
    slot: new Date(slotMs).toISOString(),
    startedAt: null,
    outcome: 'missed',
    durationMs: 0,
    attempts: 0,
    ip: null,
    ipFamily: null,
    phases: noPhases,
    error: explain(reason, message),
    assertions: [],
    http: null,
    tls: null,
    dns: null,
    tcp: null,
    icmp: null,
  }
}

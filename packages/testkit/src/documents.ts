import { Check, type CheckInput, noPhases, type Result } from '@sonde/core'

/** A valid http check with what the test wants of it. */
export function aCheck(own: Partial<CheckInput> & { key: string }): Check {
  return Check.parse({ kind: 'http', target: 'http://127.0.0.1:9/', interval: '1s', timeout: '500ms', ...own })
}

/** A result of a check at a slot: up, unless the test says otherwise. */
export function aResult(check: Check, slotMs: number, own: Partial<Result> = {}): Result {
  const slot = new Date(slotMs).toISOString()
  return {
    checkKey: check.key,
    region: 'local',
    kind: check.kind,
    target: check.target,
    slot,
    startedAt: slot,
    outcome: 'up',
    durationMs: 12.5,
    attempts: 1,
    ip: '127.0.0.1',
    ipFamily: 4,
    phases: noPhases,
    error: null,
    assertions: [],
    http: null,
    tls: null,
    dns: null,
    tcp: null,
    icmp: null,
    ...own,
  }
}

import { noPhases } from './probe.ts'
import type { Result } from './result.ts'

/** A result that is up, with what the test wants of it. */
export function aResult(own: Partial<Result> = {}): Result {
  return {
    checkKey: 'a',
    region: 'local',
    kind: 'http',
    target: 'http://127.0.0.1/',
    slot: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:00.000Z',
    outcome: 'up',
    durationMs: 10,
    attempts: 1,
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
    ...own,
  }
}

import { Check, type CheckInput, type Result } from '@sonde/core'
import { egressPolicy } from './net/egress.ts'
import { probe } from './probe.ts'

/** Probes what a document says, as a worker would: for tests. */
export function probeDocument(document: Omit<CheckInput, 'key'> & Record<string, unknown>): Promise<Result> {
  const check = Check.parse({ key: 'test', ...document })
  const egress = egressPolicy({ deny: [], allow: [] })
  return probe(check, { region: 'test', slot: new Date('2026-01-01T00:00:30Z'), egress })
}

/** Probes a URL with these settings of the http block and these other fields of the check. */
export function probeHttp(target: string, http: object = {}, rest: object = {}): Promise<Result> {
  return probeDocument({ kind: 'http', target, timeout: '2s', http, ...rest })
}

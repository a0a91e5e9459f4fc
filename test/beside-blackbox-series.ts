import { Check, type CheckInput, durationMs } from '@sonde/core'
import { checkSeriesText } from '@sonde/metrics'
import { egressPolicy, probe } from '@sonde/probes'

/** A check as a case has it: all have the same key, and five seconds unless they say otherwise. */
export type BesideCheck = Omit<CheckInput & { target: string }, 'key'> & { icmp?: { count: number } }

/** The series of one probe that both have, by name and labels; ours that stand for several of a check's results are not among them. */
export async function seriesOf(input: BesideCheck): Promise<Map<string, number>> {
  const check = Check.parse({ key: 'beside', timeout: '5s', ...input })
  const egress = egressPolicy({ deny: [], allow: [] })
  const result = await probe(check, { region: 'local', slot: new Date(), egress })
  const { key, kind, target, labels } = check
  const text = checkSeriesText([
    {
      check: {
        key,
        kind,
        target,
        labels,
        intervalMs: durationMs(check.interval),
        timeoutMs: durationMs(check.timeout),
      },
      region: 'local',
      result,
      verdict: 'up',
      totals: {},
      histogram: { count: 0, sumSeconds: 0, buckets: [] },
    },
  ])
  return values(
    text
      .replace(/^(sonde_|sm_|probe_all_).*$/gm, '')
      .replace(/(\{|,)(instance|job|kind|probe|serialnumber)="[^"]*"(?=[,}])/g, '$1')
      .replace(/\{,+/g, '{')
      .replace(/,+(?=[,}])/g, '')
      .replaceAll('{}', ''),
  )
}

/** The samples of an exposition, by name and labels. */
export function values(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/^(\w+(?:\{.*\})?) (\S+)$/gm)].map(([, series = '', value]) => [series, Number(value)]),
  )
}

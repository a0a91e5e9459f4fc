import { jobFor } from './cost.ts'
import type { Prober } from './prober.ts'
import { percentile } from './statistics.ts'
import type { Delay, DelayServer, Targets } from './targets.ts'

/** |reported − true| of ttfb, in ms, as far as it is certain. */
export type Accuracy = { p95: number; p99: number; samples: number }

const delaysMs = [10, 50, 200]

/** http probes against the delay server at this pace, alone or beside 100 https probes a second in the same process. */
export async function accuracyOf(
  prober: Prober,
  server: DelayServer,
  targets: Targets,
  { perSecond, busy, held = false, seconds }: { perSecond: number; busy: boolean; held?: boolean; seconds: number },
): Promise<Accuracy> {
  const target = `http://127.0.0.1:${server.port}`
  const beside = busy ? [jobFor('https', targets, { perSecond: 100, scattered: true, held }, seconds)] : []
  const [report] = await prober.run([
    { kind: 'http', target, pace: { perSecond, scattered: true, held }, seconds, delaysMs },
    ...beside,
  ])
  if (report === undefined || report.failed.length > 0) throw new Error(`${prober.name}: ${report?.failed[0]}`)
  const truth = await server.recorded()
  const errors = Object.entries(report.ttfbMs).map(([id, ms]) => (truth[id] ? errorMs(ms, truth[id]) : Number.NaN))
  return { p95: percentile(errors, 95), p99: percentile(errors, 99), samples: errors.length }
}

function errorMs(reportedMs: number, { atLeastMs, atMostMs }: Delay): number {
  return Math.max(0, atLeastMs - reportedMs, reportedMs - atMostMs)
}

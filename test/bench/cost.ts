import type { Pace } from './load.ts'
import type { Job, Kind, Prober } from './prober.ts'
import { cpuMs, rssMiB } from './process.ts'
import type { Targets } from './targets.ts'

/** What probes cost in one window of time: CPU of the prober alone, in ms a probe. */
export type Cost = { cpuMs: number; perSecond: number; rssMiB: number }

export const paces = {
  saturated: { concurrency: 16 },
  even: { perSecond: 200 },
  held: { perSecond: 200, held: true },
} satisfies Record<string, Pace>

/** Runs one job and looks at the prober's CPU before and after it. Throws when more than one probe in a hundred failed. */
export async function costOf(prober: Prober, job: Job): Promise<Cost> {
  const before = cpuMs(prober.pid)
  const [report] = await prober.run([job])
  const used = cpuMs(prober.pid) - before
  if (report === undefined || report.failed.length > report.count / 100) {
    throw new Error(`${prober.name} failed at ${job.kind} ${job.target}: ${report?.failed[0]}`)
  }
  return { cpuMs: used / report.count, perSecond: report.count / report.seconds, rssMiB: rssMiB(prober.pid) }
}

export function jobFor(kind: Kind, { httpPort, httpsPort, dnsPort }: Targets, pace: Pace, seconds: number): Job {
  const targets: Record<Kind, string> = {
    http: `http://127.0.0.1:${httpPort}/`,
    https: `https://127.0.0.1:${httpsPort}/`,
    tls: `127.0.0.1:${httpsPort}`,
    tcp: `127.0.0.1:${httpPort}`,
    dns: `127.0.0.1:${dnsPort}`,
  }
  return { kind, target: targets[kind], pace, seconds }
}

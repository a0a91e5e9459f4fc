import type { Pace } from './load.ts'

export const kinds = ['http', 'https', 'tls', 'tcp', 'dns'] as const
export type Kind = (typeof kinds)[number]

/** What to probe, and how. */
export type Job = {
  kind: Kind
  /** `host:port` or a URL; with `delaysMs`, the delay server's URL, to which the id and the delay of each probe are added. */
  target: string
  pace: Pace
  seconds: number
  delaysMs?: readonly number[]
}

/** `ttfbMs` is by id, as the prober reported it. */
export type Report = { count: number; failed: string[]; seconds: number; ttfbMs: Record<string, number> }

/** A prober in a process of its own, whose CPU is looked at from outside. */
export type Prober = { name: 'sonde' | 'blackbox'; pid: number; run(jobs: Job[]): Promise<Report[]> } & AsyncDisposable

/** The target of the nth probe of a job, and under which id the delay server records it. */
export function targetOf({ target, delaysMs }: Job, n: number): { target: string; id: string | undefined } {
  if (delaysMs === undefined) return { target, id: undefined }
  const id = String(n)
  return { target: `${target}/${id}/${delaysMs[n % delaysMs.length]}`, id }
}

/** What a process pinned to one core of a machine with two is started with. */
export const onOneCore = ['taskset', '-c', '0']

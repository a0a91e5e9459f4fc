import { spawn } from 'node:child_process'
import { nodeFlags } from '../e2e/sonde.ts'
import { type Job, onOneCore, type Prober, type Report } from './prober.ts'
import { end, messageFrom } from './process.ts'
import type { Targets } from './targets.ts'

/** Our prober: a Node process that only probes. */
export async function startSonde({ caPem }: Targets, { pinned = false } = {}): Promise<Prober> {
  const main = new URL('sonde-child.ts', import.meta.url).pathname
  const flags = process.env.BENCH_CHILD_FLAGS?.split(' ') ?? nodeFlags('worker')
  const command = [...(pinned ? onOneCore : []), process.execPath, ...flags, main]
  const child = spawn(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, BENCH_CA: caPem },
  })
  await messageFrom(child)
  return {
    name: 'sonde',
    pid: child.pid as number,
    run: async (jobs: Job[]) => {
      child.send(jobs)
      return (await messageFrom(child)) as Report[]
    },
    [Symbol.asyncDispose]: () => end(child),
  }
}

import { writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { startBlackboxExporter } from '@sonde/testkit/targets'
import { load } from './load.ts'
import { type Job, onOneCore, type Prober, type Report, targetOf } from './prober.ts'
import type { Targets } from './targets.ts'

export const blackboxProgram = 'prometheus-blackbox-exporter'

/** blackbox_exporter as Debian ships it; this process asks it for its probes, as Prometheus does. */
export async function startBlackbox(folder: string, { caPem }: Targets, { pinned = false } = {}): Promise<Prober> {
  writeFileSync(join(folder, 'ca.pem'), caPem)
  const { port, pid, ...exporter } = await startBlackboxExporter(
    modules(join(folder, 'ca.pem')),
    pinned ? onOneCore : [],
  )
  const agent = new Agent({ keepAlive: true, maxSockets: 512 })
  const ask = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent }, (response) => resolve(text(response))).on('error', reject)
    })
  return {
    name: 'blackbox',
    pid,
    run: (jobs) => Promise.all(jobs.map((job) => run(job, ask))),
    [Symbol.asyncDispose]: async () => {
      agent.destroy()
      await exporter[Symbol.asyncDispose]()
    },
  }
}

function modules(caFile: string): Record<string, object> {
  const tls = { tls_config: { ca_file: caFile } }
  const four = { preferred_ip_protocol: 'ip4' }
  return {
    http: { prober: 'http', timeout: '5s', http: four },
    https: { prober: 'http', timeout: '5s', http: { ...four, ...tls } },
    tls: { prober: 'tcp', timeout: '5s', tcp: { ...four, tls: true, ...tls } },
    tcp: { prober: 'tcp', timeout: '5s', tcp: four },
    dns: { prober: 'dns', timeout: '5s', dns: { ...four, query_name: 'www.bench.example', query_type: 'A' } },
  }
}

async function run(job: Job, ask: (path: string) => Promise<string>): Promise<Report> {
  const failed: string[] = []
  const answers: [string, string][] = []
  const took = await load(job.pace, job.seconds, async (n) => {
    const { target, id } = targetOf(job, n)
    const answer = await ask(`/probe?module=${job.kind}&target=${encodeURIComponent(target)}`)
    if (!answer.includes('\nprobe_success 1')) failed.push(answer.slice(-300))
    if (id !== undefined) answers.push([id, answer])
  })
  // Read only now, so as not to take time from the probes.
  const ttfbMs = Object.fromEntries(answers.map(([id, answer]) => [id, processingMs(answer)]))
  return { ...took, failed, ttfbMs }
}

function processingMs(answer: string): number {
  const [, seconds] = /^probe_http_duration_seconds\{phase="processing"\} (\S+)$/m.exec(answer) ?? []
  return Number(seconds) * 1000
}

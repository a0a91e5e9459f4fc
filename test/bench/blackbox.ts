import { writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { startBlackboxExporter } from '@sonde/testkit/targets'
import { load } from './load.ts'
import { type Job, onOneCore, type Prober, type Report, targetOf } from './prober.ts'
import type { Targets } from './targets.ts'

export const blackboxProgram = 'prometheus-blackbox-exporter'

// What Prometheus 2.42 asks with when it scrapes every 10 s. Answers are compressed for it, up to a fifth of a probe's cost.
const asPrometheus = {
  'User-Agent': 'Prometheus/2.42.0+ds',
  Accept:
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'Accept-Encoding': 'gzip',
  'X-Prometheus-Scrape-Timeout-Seconds': '10',
}

type BlackboxOptions = {
  /** On one core. */
  pinned?: boolean
  /** Asked for answers that are not compressed, for which Prometheus does not ask. */
  plain?: boolean
}

/** blackbox_exporter as Debian ships it; this process asks it for its probes, as Prometheus does. */
export async function startBlackbox(
  folder: string,
  { caPem }: Targets,
  { pinned = false, plain = false }: BlackboxOptions = {},
): Promise<Prober> {
  writeFileSync(join(folder, 'ca.pem'), caPem)
  const { port, pid, ...exporter } = await startBlackboxExporter(
    modules(join(folder, 'ca.pem')),
    pinned ? onOneCore : [],
  )
  const agent = new Agent({ keepAlive: true, maxSockets: 512 })
  const headers = plain ? {} : asPrometheus
  const ask = (path: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
        const isPacked = response.headers['content-encoding'] === 'gzip'
        buffer(response).then((body) => resolve({ body, isPacked }), reject)
      }).on('error', reject)
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

type Answer = { body: Buffer; isPacked: boolean }

async function run(job: Job, ask: (path: string) => Promise<Answer>): Promise<Report> {
  const answers: [string | undefined, Answer][] = []
  const took = await load(job.pace, job.seconds, async (n) => {
    const { target, id } = targetOf(job, n)
    answers.push([id, await ask(`/probe?module=${job.kind}&target=${encodeURIComponent(target)}`)])
  })
  // Read only now, so as not to take time from the probes.
  const texts = answers.map(([id, { body, isPacked }]) => ({ id, text: String(isPacked ? gunzipSync(body) : body) }))
  return {
    ...took,
    failed: texts.flatMap(({ text }) => (text.includes('\nprobe_success 1') ? [] : [text.slice(-300)])),
    ttfbMs: Object.fromEntries(texts.flatMap(({ id, text }) => (id === undefined ? [] : [[id, processingMs(text)]]))),
  }
}

function processingMs(answer: string): number {
  const [, seconds] = /^probe_http_duration_seconds\{phase="processing"\} (\S+)$/m.exec(answer) ?? []
  return Number(seconds) * 1000
}

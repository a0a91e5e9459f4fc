import { Check, type Result } from '@sonde/core'
import { Prober, warmUp } from '@sonde/probes'
import { load } from './load.ts'
import { type Job, type Kind, type Report, targetOf } from './prober.ts'

const caPem = process.env.BENCH_CA
// As a worker has it.
const prober = new Prober({ egress: { deny: [], allow: [] }, now: Date.now })
const blocks: Record<Kind, (target: string) => object> = {
  http: (target) => ({ kind: 'http', target }),
  https: (target) => ({ kind: 'http', target, http: { tls: { caPem } } }),
  tls: (target) => ({ kind: 'tls', target, tls: { caPem } }),
  tcp: (target) => ({ kind: 'tcp', target }),
  dns: (target) => ({ kind: 'dns', target: 'www.bench.example', dns: { servers: [`udp://${target}`] } }),
}

async function run(job: Job): Promise<Report> {
  const report: Report = { count: 0, failed: [], seconds: 0, ttfbMs: {} }
  let chunk: Result[] = []
  const check = Check.parse({ key: 'bench', timeout: '5s', interval: '30s', ...blocks[job.kind](job.target) })
  const took = await load(job.pace, job.seconds, async (n) => {
    const { target, id } = targetOf(job, n)
    // A worker has its checks parsed before it probes; only the delay server wants another target each time.
    const one = id === undefined ? check : { ...check, target }
    const result = await prober.probe(one, { region: 'bench', slot: new Date() })
    // A result is of use to nobody until it is written down; blackbox_exporter's is, too. A worker hands over so many at once.
    chunk.push(result)
    if (chunk.length === chunkSize) chunk = written(chunk)
    if (result.outcome !== 'up') report.failed.push(JSON.stringify(result).slice(0, 300))
    if (id !== undefined) report.ttfbMs[id] = result.phases.ttfbMs ?? Number.NaN
  })
  written(chunk)
  return { ...report, ...took }
}

const chunkSize = 256

function written(chunk: readonly Result[]): [] {
  JSON.stringify(chunk)
  return []
}

warmUp()
process.on('message', (jobs: Job[]) => {
  void Promise.all(jobs.map(run)).then((reports) => process.send?.(reports))
})
process.on('disconnect', () => process.exit())
process.on('SIGTERM', () => process.exit())
process.send?.('ready')

import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startBlackboxExporter } from '@sonde/testkit/targets'
import { answering, end, freePort } from './process.ts'
import type { Part } from './schedule-cpu.ts'

export const prometheusProgram = 'prometheus'

export type PrometheusStack = {
  parts: Part[]
  /** Probes in [from, to), ms since the epoch, and how many of them succeeded. */
  probesBetween(from: number, to: number): Promise<{ count: number; up: number }>
} & AsyncDisposable

/** Prometheus that asks blackbox_exporter for `count` http probes every `intervalSeconds`; both as Debian ships them, with their defaults. */
export async function startPrometheusStack(
  folder: string,
  { target, count, intervalSeconds }: { target: string; count: number; intervalSeconds: number },
): Promise<PrometheusStack> {
  await mkdir(folder)
  const port = await freePort()
  const http = { prober: 'http', timeout: '5s', http: { preferred_ip_protocol: 'ip4' } }
  await using stack = new AsyncDisposableStack()
  const blackbox = stack.use(await startBlackboxExporter({ http }))
  // JSON is YAML.
  const prometheusFile = join(folder, 'prometheus.yml')
  const targets = Array.from({ length: count }, (_, index) => `${target}check-${index}`)
  await writeFile(prometheusFile, JSON.stringify(configuration(blackbox.port, targets, intervalSeconds)))

  const prometheus = spawn(
    prometheusProgram,
    [
      `--config.file=${prometheusFile}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  stack.defer(() => end(prometheus))
  await answering(prometheusProgram, async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok)

  const ask = async (query: string, atMs: number): Promise<number> => {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}&time=${atMs / 1000}`
    const { data } = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } }
    return Number(data.result[0]?.value[1] ?? 0)
  }
  const owned = stack.move()
  return {
    parts: [
      { name: 'Prometheus', pid: prometheus.pid as number },
      { name: 'blackbox_exporter', pid: blackbox.pid },
    ],
    async probesBetween(from, to) {
      const range = `probe_success[${Math.round((to - from) / 1000)}s]`
      return {
        count: await ask(`sum(count_over_time(${range}))`, to),
        up: await ask(`sum(sum_over_time(${range}))`, to),
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function configuration(blackboxPort: number, targets: string[], intervalSeconds: number): object {
  return {
    global: { scrape_interval: `${intervalSeconds}s`, scrape_timeout: '5s' },
    scrape_configs: [
      {
        job_name: 'probes',
        metrics_path: '/probe',
        params: { module: ['http'] },
        static_configs: [{ targets }],
        relabel_configs: [
          { source_labels: ['__address__'], target_label: '__param_target' },
          { source_labels: ['__param_target'], target_label: 'instance' },
          { target_label: '__address__', replacement: `127.0.0.1:${blackboxPort}` },
        ],
      },
    ],
  }
}

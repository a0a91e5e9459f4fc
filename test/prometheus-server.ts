import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@sonde/testkit'
import { startProgram } from '@sonde/testkit/targets'

export type Sample = { metric: Record<string, string>; value: [atSeconds: number, value: string] }
export type Series = { metric: Record<string, string>; values: [atSeconds: number, value: string][] }
export type Rule = {
  group: string
  name: string
  query: string
  /** How long the expression must hold, in seconds. */
  duration: number
  health: 'ok' | 'err' | 'unknown'
  lastError?: string
  alerts: { labels: Record<string, string>; state: 'pending' | 'firing' }[]
}

export type PrometheusServer = {
  query(expression: string): Promise<Sample[]>
  /** From one instant to another, in seconds, every `stepSeconds`. */
  queryRange(expression: string, range: { start: number; end: number; stepSeconds: number }): Promise<Series[]>
  /** Its alerting rules as they stand. */
  rules(): Promise<Rule[]>
  /** Every target that it scrapes, with what went wrong. */
  targets(): Promise<{ health: string; lastError: string }[]>
} & AsyncDisposable

export const hasPrometheus = ['prometheus', 'promtool'].every(
  (program) => spawnSync(program, ['--version']).error === undefined,
)

/** A real Prometheus with this configuration; `past` is OpenMetrics text with timestamps that it starts with. */
export async function startPrometheus(configuration: object, past?: string): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sonde-prometheus-'))
  const data = join(folder, 'data')
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(configuration))
  if (past !== undefined) {
    const file = join(folder, 'past.txt')
    await writeFile(file, past)
    promtool(['tsdb', 'create-blocks-from', 'openmetrics', file, data])
  }
  const address = `127.0.0.1:${await freePort()}`
  const options = {
    'config.file': join(folder, 'prometheus.yml'),
    'storage.tsdb.path': data,
    'web.listen-address': address,
  }
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  const isReady = () =>
    fetch(`http://${address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  const running = await startProgram('prometheus', args, isReady)
  const ask = async <Data>(path: string, parameters: Record<string, string | number> = {}): Promise<Data> => {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(parameters)) query.set(name, String(value))
    const response = await fetch(`http://${address}/api/v1/${path}?${query.toString()}`)
    const answer = (await response.json()) as { error?: string; data: Data }
    if (answer.error !== undefined) throw new Error(`${parameters['query'] ?? path}: ${answer.error}`)
    return answer.data
  }
  return {
    query: async (query) => (await ask<{ result: Sample[] }>('query', { query })).result,
    queryRange: async (query, { start, end, stepSeconds }) =>
      (await ask<{ result: Series[] }>('query_range', { query, start, end, step: stepSeconds })).result,
    rules: async () =>
      (await ask<{ groups: { name: string; rules: Omit<Rule, 'group'>[] }[] }>('rules')).groups.flatMap((group) =>
        group.rules.map((rule) => ({ ...rule, group: group.name })),
      ),
    targets: async () =>
      (await ask<{ activeTargets: { health: string; lastError: string }[] }>('targets')).activeTargets,
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

/** Runs promtool; throws with all that it said when it is not content. */
export function promtool(args: string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`promtool ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

/** An exposition as OpenMetrics, all of its samples repeated at each of the instants, which ascend. */
export function repeatedAt(exposition: string, atSeconds: readonly number[]): string {
  const lines = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  // Without types: as a counter, a name would have to be of OpenMetrics' own making.
  return `${lines.flatMap((line) => atSeconds.map((at) => `${line} ${at}`)).join('\n')}\n# EOF\n`
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkSeriesText } from '@sonde/metrics'
import { freePort, freshDatabase } from '@sonde/testkit'
import { hasBlackboxExporter, startBlackboxExporter } from '@sonde/testkit/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { icmpResult, seriesOf } from '../packages/metrics/src/samples.fixture.ts'
import { compatPanelQueries, compatRules, compatVariableQueries, filledIn, hasCompat } from './compat.ts'
import { answered, apiClient, type CheckBody } from './e2e/api-client.ts'
import { sonde, until } from './e2e/sonde.ts'
import { type Case, startCompatTargets } from './prometheus-compat-targets.ts'
import {
  hasPrometheus,
  type PrometheusServer,
  promtool,
  type Rule,
  repeatedAt,
  startPrometheus,
} from './prometheus-server.ts'

// One Prometheus scrapes a running Sonde, another a real blackbox_exporter with the same targets. The rules and dashboards that
// others have published for the one must work on the other.

const job = 'blackbox-exporter'
const token = 'an-admin-token-for-tests'
const lacking = [
  ...(hasCompat ? [] : ['no published rules and dashboards are here']),
  ...(hasPrometheus ? [] : ['prometheus is not installed']),
  ...(hasBlackboxExporter() ? [] : ['blackbox_exporter is not installed']),
]
const reason = lacking.length === 0 ? '' : ` (left out: ${lacking.join(', ')})`

const failed = [
  'BlackboxExporter/BlackboxProbeFailed',
  'blackbox-exporter.rules/BlackboxProbeFailed',
  'blackbox-exporter.rules/BlackboxLowUptime30d',
]
const noAnswer = [...failed, 'BlackboxExporter/BlackboxProbeHttpFailure']
const soon = 'blackbox-exporter.rules/BlackboxSslCertificateWillExpireSoon'

/** The alerts that each target is to raise, and no others. */
const expected: Record<string, string[]> = {
  up: [],
  refused: noAnswer,
  '503': noAnswer,
  slow: ['BlackboxExporter/BlackboxSlowProbe', 'BlackboxExporter/BlackboxProbeSlowHttp'],
  https: [],
  'certificate of 19 days': ['BlackboxExporter/BlackboxSslCertificateWillExpireSoon', soon],
  'certificate of 2 days': ['BlackboxExporter/BlackboxSslCertificateWillExpireVerySoon', soon],
  'expired certificate': [
    ...noAnswer,
    'BlackboxExporter/BlackboxSslCertificateExpired',
    'blackbox-exporter.rules/BlackboxSslCertificateExpired',
  ],
  tls: [],
  tcp: [],
  ping: [],
  name: [],
  'name that does not exist': failed,
}

const queries = hasCompat
  ? [...Map.groupBy([...compatPanelQueries(), ...compatVariableQueries()], ({ dashboard }) => dashboard)]
  : []

describe.skipIf(lacking.length > 0)(`published rules and dashboards${reason}`, { timeout: 60_000 }, () => {
  const stack = new AsyncDisposableStack()
  let cases: Case[]
  let exposition: string
  let onSonde: PrometheusServer
  let onBlackbox: PrometheusServer
  let rules: Rule[]

  beforeAll(async () => {
    const targets = stack.use(await startCompatTargets())
    cases = targets.cases
    const exporter = stack.use(
      await startBlackboxExporter(
        Object.fromEntries(cases.map(({ name, module }) => [name, { timeout: '3s', ...module }])),
      ),
    )
    const address = await startSonde()
    exposition = await until(
      async () => {
        const text = await (await fetch(`http://${address}/metrics`)).text()
        return instancesOf(text).size === cases.length && text
      },
      40_000,
      () => 'not every check has a result',
    )
    const now = Math.floor(Date.now() / 1000)
    // What was scraped once is what was scraped all the time: rules that wait for minutes have waited.
    const past = Array.from({ length: 41 }, (_, index) => now - 610 + index * 15)
    onSonde = stack.use(
      await startPrometheus(
        {
          global: { scrape_interval: '1s', evaluation_interval: '1s' },
          rule_files: compatRules(),
          scrape_configs: [{ job_name: job, honor_labels: true, static_configs: [{ targets: [address] }] }],
        },
        repeatedAt(`${checkSeriesOf(exposition)}${slowPing}`, past),
      ),
    )
    onBlackbox = stack.use(await startPrometheus(scrapeOfBlackbox(cases, exporter.port)))
    await until(
      async () =>
        (await onBlackbox.query('count by (instance) (probe_success)')).length === cases.length &&
        (await onSonde.query('count(up == 1)')).length === 1,
      20_000,
      () => 'not all was scraped',
    )
    rules = await until(
      async () => {
        const all = await onSonde.rules()
        return all.length > 0 && all.every(({ health }) => health !== 'unknown') && all
      },
      10_000,
      () => 'rules were not evaluated',
    )
  }, 90_000)
  afterAll(() => stack.disposeAsync())

  async function startSonde(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'sonde-compat-'))
    stack.defer(() => rm(folder, { recursive: true }))
    const fresh = stack.use(await freshDatabase())
    const address = `127.0.0.1:${await freePort()}`
    const env = {
      DATABASE_URL: fresh.url,
      SONDE_PORT: address.slice('127.0.0.1:'.length),
      SONDE_METRICS_PORT: String(await freePort()),
      SONDE_ADMIN_TOKEN: token,
      SONDE_METRICS_JOB: job,
      SONDE_DATA_DIR: join(folder, 'data'),
    }
    const running = stack.use(sonde(['up'], { env, cwd: folder }))
    await until(async () => running.output().includes('Sonde is up at'), 30_000, running.output)
    const api = apiClient(`http://${address}`, token)
    for (const [index, { check }] of cases.entries()) {
      const answer = await answered(
        api.POST('/api/v1/checks', {
          body: { key: `case-${index}`, interval: '4s', timeout: '3s', ...check } as CheckBody,
        }),
      )
      expect(answer).toMatchObject({ status: 201 })
    }
    return address
  }

  test('all that Sonde exposes is sound to promtool', () => {
    expect(promtool(['check', 'metrics'], exposition)).toBe('')
  })

  test('every rule loads and is evaluated', () => {
    expect(rules.length).toBeGreaterThan(12)
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([])
  })

  test.each(Object.keys(expected))('%s raises its alerts, and no others', async (name) => {
    const { check } = caseOf(name)
    expect(await raisedBy(check.target)).toEqual([...(expected[name] ?? [])].sort())
  })

  test('every rule but those of the exporter itself has been raised by some target', async () => {
    const raised = new Set([...Object.values(expected).flat(), ...(await raisedBy(slowHost))])
    expect(rules.map(nameOf).filter((name) => !raised.has(name))).toEqual([
      'BlackboxExporter/BlackboxConfigurationReloadFailure',
    ])
  })

  test('the running Prometheus has these alerts, pending or firing, and no others', async () => {
    const alerts = async () => {
      const raised = (await onSonde.rules()).flatMap((rule) =>
        rule.alerts.map(({ labels }) => `${nameOf(rule)} ${labels['instance']}`),
      )
      return [...new Set(raised)].filter((alert) => !alert.endsWith(slowHost)).sort()
    }
    const wanted = cases.flatMap(({ name, check }) => (expected[name] ?? []).map((alert) => `${alert} ${check.target}`))
    // A probe that was slow once for the machine's sake is forgotten with the next one.
    await expect.poll(alerts, { timeout: 20_000, interval: 500 }).toEqual(wanted.sort())
  })

  test.each(queries)(
    'every query of %s that has an answer on blackbox_exporter has one here',
    async (_, ofDashboard) => {
      const answers = await Promise.all(
        ofDashboard.map(async ({ panel, expression }) => {
          const query = filledIn(expression)
          const [ours, theirs] = await Promise.all([onSonde.query(query), onBlackbox.query(query)])
          return { panel, query, ours: ours.length, wanted: theirs.length }
        }),
      )
      expect(answers.filter(({ wanted }) => wanted > 0).length).toBeGreaterThan(5)
      expect(answers.filter(({ ours, wanted }) => ours < wanted)).toEqual([])
    },
  )

  const caseOf = (name: string): Case => {
    const found = cases.find((one) => one.name === name)
    if (found === undefined) throw new Error(`no target ${name}`)
    return found
  }

  /** The rules whose expression has held for this target as long as they wait, at every step up to now. */
  async function raisedBy(instance: string): Promise<string[]> {
    const end = Math.floor(Date.now() / 1000)
    const stepSeconds = 5
    const names = await Promise.all(
      rules.map(async (rule) => {
        const range = { start: end - rule.duration, end, stepSeconds }
        const series = await onSonde.queryRange(rule.query, range)
        const held = series.some(
          ({ metric, values }) =>
            metric['instance'] === instance && values.length === Math.floor(rule.duration / stepSeconds) + 1,
        )
        return held ? [nameOf(rule)] : []
      }),
    )
    return names.flat().sort()
  }
})

const nameOf = ({ group, name }: Rule): string => `${group}/${name}`

// No address on loopback is as far away; a result of the probe with such a time is.
const slowHost = 'far.example'
const slowPing = checkSeriesOf(
  checkSeriesText(
    [
      seriesOf({
        ...icmpResult,
        target: slowHost,
        durationMs: 900,
        icmp: {
          sent: 1,
          received: 1,
          lossPercent: 0,
          rttMinMs: 1200,
          rttAvgMs: 1200,
          rttMaxMs: 1200,
          rttStddevMs: 0,
          hopLimit: 50,
        },
      }),
    ],
    { job },
  ),
)

/** The lines of the checks' series: those of the process itself have no region. */
function checkSeriesOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.includes(`job="${job}"`))
    .map((line) => `${line}\n`)
    .join('')
}

/** The targets of which an exposition tells a result. */
function instancesOf(text: string): Set<string> {
  return new Set([...text.matchAll(/^probe_success\{instance="([^"]*)"/gm)].map(([, instance = '']) => instance))
}

/** One scrape a target, as blackbox_exporter's manual has it, with our name of the target as its instance. */
function scrapeOfBlackbox(cases: readonly Case[], port: number): object {
  const scrape_configs = cases.map(({ name, check, asked }) => ({
    job_name: name,
    metrics_path: '/probe',
    scrape_interval: '4s',
    scrape_timeout: '4s',
    params: { module: [name], target: [asked ?? check.target] },
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    relabel_configs: [
      { target_label: 'instance', replacement: check.target },
      { target_label: 'job', replacement: job },
    ],
  }))
  return { scrape_configs }
}

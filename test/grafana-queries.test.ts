import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alertRules } from '../grafana/src/alerts.ts'
import { dashboards } from '../grafana/src/dashboards.ts'
import { until } from './e2e/sonde.ts'
import { type GrafanaStack, hasPrometheus, type Sample, startGrafanaStack } from './grafana-stack.ts'
import { inPromql, inSql, timeOf, type Values } from './grafana-values.ts'

type Target = { refId: string; expr?: string; rawSql?: string; instant?: boolean }
type Variable = {
  name: string
  type: string
  query?: string
  allValue?: string
  includeAll?: boolean
  current?: { value: string }
}
type Dashboard = {
  title: string
  time: { from: string; to: string }
  panels: { title: string; type: string; targets?: Target[] }[]
  annotations: { list: { name: string; target: Target }[] }
  templating: { list: Variable[] }
}

const reason = hasPrometheus ? '' : ' (prometheus is not installed: apt-get install prometheus)'
const all = Object.values(dashboards).map((json) => JSON.parse(json) as Dashboard)
const asked = all.flatMap((dashboard) => [
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map((target) => ({ name: `${dashboard.title}, ${title}, ${target.refId}`, dashboard, target })),
  ),
  ...dashboard.annotations.list.map(({ name, target }) => ({ name: `${dashboard.title}, ${name}`, dashboard, target })),
])

describe.skipIf(!hasPrometheus)(`on a running Sonde, its database and a real Prometheus${reason}`, () => {
  let stack: GrafanaStack
  beforeAll(async () => {
    stack = await startGrafanaStack()
  }, 120_000)
  afterAll(() => stack?.[Symbol.asyncDispose]())

  /** What the dashboard shows when it is opened: "All" where there is one, else the first. */
  const opened = ({ templating, time }: Dashboard): Values => ({
    variables: Object.fromEntries(
      templating.list.map(({ name, allValue, includeAll, current }) => [
        name,
        includeAll === true
          ? { all: allValue ?? '' }
          : name === 'job'
            ? ['broken', 'mail', 'shop']
            : (current?.value ?? ''),
      ]),
    ),
    fromMs: timeOf(time.from, Date.now()),
    toMs: Date.now(),
    interval: '1m',
  })
  /** The same with every value chosen by hand, which is another text: patterns, escaped. */
  const chosen = (dashboard: Dashboard): Values => {
    const values = opened(dashboard)
    const checks = stack.checks
    const own = {
      label: 'team',
      value: ['web'],
      job: checks.map(({ key }) => key),
      instance: checks.map(({ target }) => target),
      probe: ['eu', 'us'],
      role_job: ['sonde', 'sonde-roles'],
    }
    return { ...values, variables: { ...values.variables, ...own } }
  }

  const answerOf = (target: Target, values: Values): Promise<Sample[] | Record<string, unknown>[]> =>
    target.expr === undefined
      ? stack.sql(inSql(target.rawSql ?? '', values))
      : stack.promql(inPromql(target.expr, values))

  test.each(asked)('$name has an answer', async ({ dashboard, target }) => {
    for (const values of [opened(dashboard), chosen(dashboard)]) {
      await answered(() => answerOf(target, values))
    }
  })

  test('what is chosen narrows what is told, in both data sources alike', async () => {
    const overview = all[0] as Dashboard
    const { variables, ...rest } = chosen(overview)
    const only = async (own: Values['variables']) => {
      const values = { ...rest, variables: { ...variables, ...own } }
      const rows = await answerOf(targetOf('Sonde / Overview', 'Checks by region'), values)
      const lines = await answerOf(targetOf('Sonde / Check', 'Probes by region'), values)
      return {
        postgres: rows.map((row) => `${String((row as never)['Check'])} ${String((row as never)['Region'])}`).sort(),
        prometheus: (lines as Sample[]).map(({ metric }) => `${metric['job']} ${metric['probe']}`).sort(),
      }
    }
    const target = stack.checks[0]?.target ?? ''
    for (const [own, expected] of [
      [{ job: ['shop', 'zone'], probe: ['us'] }, ['shop us', 'zone us']],
      [{ label: 'kind', value: ['tls', 'dns'], probe: ['eu'] }, ['mail eu', 'zone eu']],
      [{ instance: [target] }, ['shop eu', 'shop us']],
      [{ label: 'team', value: ['nobody'] }, []],
      [{ label: 'nothing', value: { all: '.*' }, job: ['zone'] }, ['zone eu', 'zone us']],
    ] as [Values['variables'], string[]][]) {
      expect(await only(own), JSON.stringify(own)).toEqual({ postgres: expected, prometheus: expected })
    }
  })

  test('a value that would end the quotes of SQL does not', async () => {
    const hostile = [`x$sonde$ or true) --`, `'"\\`, '$$', '.*']
    const { variables, ...rest } = chosen(all[0] as Dashboard)
    const values = { ...rest, variables: { ...variables, instance: hostile, value: hostile } }
    expect(await answerOf(targetOf('Sonde / Overview', 'Checks by region'), values)).toEqual([])
  })

  const variables = new Map(all.flatMap(({ templating }) => templating.list).map((one) => [one.name, one]))
  test.each([...variables.values()].filter(({ type }) => type === 'query'))(
    'the variable $name has values to choose from',
    async ({ query = '' }) => {
      const filled = inPromql(query, chosen(all.at(-1) as Dashboard))
      const [, matcher, label] = /^label_values\((.+), (\w+)\)$/.exec(filled) ?? []
      if (label === undefined) {
        expect(filled).toBe('label_names(sm_check_info)')
        const [info] = await stack.promql('sm_check_info')
        expect(Object.keys(info?.metric ?? {})).toEqual(expect.arrayContaining(['job', 'kind', 'team']))
      } else {
        expect(await stack.labelValues(label, matcher ?? '')).not.toEqual([])
      }
    },
  )

  test('the checks that are down and the incidents that are open are counted once', async () => {
    const values = opened(all[0] as Dashboard)
    const down = await answerOf(targetOf('Sonde / Overview', 'Checks down'), values)
    expect((down as Sample[])[0]?.value[1]).toBe('1')
    // Sonde itself opens some as well, of regions that have no worker here.
    const open = await stack.sql("select count(*) as open from incidents where state = 'open'")
    expect(await answerOf(targetOf('Sonde / Overview', 'Open incidents'), values)).toEqual(open)
    expect(Number(open[0]?.['open'])).toBeGreaterThanOrEqual(2)
  })

  test.each(Object.values(alertRules).flat())(
    'the alert rule "$title" has something to judge',
    async ({ source, query }) => {
      await answered(() => (source === 'prometheus' ? stack.promql(query) : stack.sql(query)))
    },
  )

  test('the alert rules fire for what is wrong here, and for nothing else', async () => {
    const firing = Object.values(alertRules)
      .flat()
      .map(async ({ uid, source, query, fires }) => {
        const told =
          source === 'prometheus'
            ? (await stack.promql(query)).map(({ metric, value }) => ({ ...metric, number: Number(value[1]) }))
            : (await stack.sql(query)).map(({ open, stray, ...words }) => ({ ...words, number: Number(open ?? stray) }))
        const beyond = told.filter(({ number }) => (fires.when === 'lt' ? number < fires.bound : number > fires.bound))
        return beyond.map((one) => `${uid} ${'job' in one ? String(one['job']) : ''}`.trim())
      })
    expect((await Promise.all(firing)).flat().sort()).toEqual([
      'sonde-budget-burn broken',
      'sonde-certificate-expiring mail',
      'sonde-check-down broken',
      'sonde-incident-unacknowledged broken',
    ])
  })

  test.each([
    'select doc from checks',
    'select detail_doc from check_states',
    'select doc from result_details',
    'select evidence from incidents',
    'select * from run_results',
    'begin; set transaction read write; delete from results',
    'begin; set transaction read write; create table public.mine (a int)',
  ])('what the dashboards do not need is refused to their database user: %s', async (statement) => {
    await expect(stack.sql(statement)).rejects.toThrow('permission denied')
    await stack.sql('rollback')
  })

  // Here, and not in a file that may run beside this one: a role belongs to the whole server.
  const hasPsql = spawnSync('psql', ['--version']).status === 0
  test.skipIf(!hasPsql)(
    `grafana/reader.sh gives the user a password, and later another${hasPsql ? '' : ' (psql is not installed)'}`,
    async () => {
      const url = new URL(stack.databaseUrl)
      const at = { host: url.hostname, port: Number(url.port), database: url.pathname.slice(1), user: 'grafana' }
      for (const password of ['first', `it's "second"`]) {
        const { status, stderr } = spawnSync('sh', [join(import.meta.dirname, '../grafana/reader.sh')], {
          encoding: 'utf8',
          env: {
            PATH: process.env['PATH'],
            PGHOST: at.host,
            PGPORT: url.port,
            PGDATABASE: at.database,
            PGUSER: decodeURIComponent(url.username),
            PGPASSWORD: decodeURIComponent(url.password),
            GRAFANA_DATABASE_PASSWORD: password,
          },
        })
        expect(stderr).not.toContain('ERROR')
        expect(status).toBe(0)
        const reader = new pg.Client({ ...at, password })
        await reader.connect()
        expect((await reader.query('select count(*) from check_facts')).rows).toEqual([{ count: '4' }])
        await reader.end()
      }
    },
  )

  function targetOf(dashboard: string, panel: string): Target {
    const target = asked.find(({ name }) => name.startsWith(`${dashboard}, ${panel}, `))?.target
    if (target === undefined) throw new Error(`no panel "${panel}" on ${dashboard}`)
    return target
  }
})

/** Whether a sample or a row says anything: a number that is one, or a column that is not null. */
/** Within some seconds: a scrape that comes late on a busy machine has its series be nothing until the next. */
async function answered(ask: () => Promise<(Sample | Record<string, unknown>)[]>): Promise<void> {
  await until(
    async () => (await ask()).some(isTold),
    10_000,
    () => 'no answer',
  )
}

function isTold(one: Sample | Record<string, unknown>): boolean {
  if ('metric' in one && 'value' in one && Array.isArray(one.value)) return one.value[1] !== 'NaN'
  const { time: _, metric: __, ...rest } = one as Record<string, unknown>
  return Object.values(rest).some((value) => value !== null)
}

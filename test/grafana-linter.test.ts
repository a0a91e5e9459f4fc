import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { dashboards } from '../grafana/src/dashboards.ts'
import { checkMetrics } from '../packages/metrics/src/index.ts'
import { inPromql } from './grafana-values.ts'

type Panel = {
  type: string
  title?: string
  description?: string
  datasource?: { uid: string }
  targets?: { refId: string; datasource: { uid: string }; expr?: string; rawSql?: string }[]
  fieldConfig?: { defaults: { unit?: string; thresholds?: { steps: unknown[] } } }
}
type Variable = {
  name: string
  type: string
  label?: string
  query: string
  datasource?: { uid: string }
  refresh?: number
  multi?: boolean
  allValue?: string
}
type Dashboard = {
  uid: string
  title: string
  editable: boolean
  panels: Panel[]
  templating: { list: Variable[] }
  links: { type: string; tags: string[]; includeVars: boolean; keepTime: boolean }[]
  tags: string[]
}

const all = Object.values(dashboards).map((json) => JSON.parse(json) as Dashboard)
const each = all.map((dashboard) => [dashboard.title, dashboard] as const)
const panels = all.flatMap((dashboard) =>
  dashboard.panels
    .filter(({ type }) => type !== 'row')
    .map((panel) => [`${dashboard.title}, ${panel.title}`, panel, dashboard] as const),
)
const queries = panels.flatMap(([name, { targets = [] }, dashboard]) =>
  targets.flatMap(({ expr, refId }) => (expr === undefined ? [] : [[`${name}, ${refId}`, expr, dashboard] as const])),
)
const selectors = (expr: string) =>
  [...expr.matchAll(/(\w*)\{([^}]*)\}/g)].map(([, name = '', inner = '']) => ({ name, inner }))

describe('the rules of grafana/dashboard-linter', () => {
  test.each(each)('%s: data sources are variables, named and labelled by their kind', (_, { templating }) => {
    const sources = templating.list.filter(({ type }) => type === 'datasource')
    expect(sources.map(({ query }) => query)).toEqual(['prometheus', 'postgres'])
    for (const { name, label, query } of sources) {
      expect(name).toBe(`${query}_datasource`)
      expect(label).toBe(`${query.charAt(0).toUpperCase()}${query.slice(1)} data source`)
    }
  })

  test.each(each)('%s: job and instance are variables of Prometheus that take several values', (_, { templating }) => {
    for (const name of ['job', 'instance']) {
      expect(templating.list.find((one) => one.name === name)).toMatchObject({
        type: 'query',
        label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        datasource: { uid: '$prometheus_datasource' },
        multi: true,
        allValue: '.+',
      })
    }
  })

  test.each(each)(
    '%s: queries of variables are functions of labels, asked again with the time',
    (_, { templating }) => {
      for (const { query, refresh, type } of templating.list) {
        if (type !== 'query') continue
        expect(query).toMatch(/^(label_values\(.+, \$?\w+\)|label_names\(\w+\))$/)
        expect(refresh).toBe(2)
      }
    },
  )

  test.each(each)('%s: it cannot be edited, as the next update would undo it', (_, { editable }) => {
    expect(editable).toBe(false)
  })

  test.each(panels)(
    '%s: has a title, a description, a unit and thresholds',
    (_, { title, description, fieldConfig }) => {
      expect(title).toMatch(/\S/)
      expect(description).toMatch(/\S.*\.$/)
      const known = new Set<unknown>(Object.values(units))
      expect(known).toContain(fieldConfig?.defaults.unit)
      expect(fieldConfig?.defaults.thresholds?.steps.length).toBeGreaterThan(0)
    },
  )

  test.each(panels)('%s: asks one data source, by its variable', (_, { datasource, targets = [] }) => {
    expect(['$prometheus_datasource', '$postgres_datasource']).toContain(datasource?.uid)
    expect(targets.length).toBeGreaterThan(0)
    for (const target of targets) {
      expect(target.datasource).toEqual(datasource)
      expect(target.expr === undefined).toBe(datasource?.uid === '$postgres_datasource')
    }
  })

  test.each(queries)('%s: counters are rated or increased, and rates are over $__rate_interval', (_, expr) => {
    for (const [whole, name = ''] of expr.matchAll(/(\w+_(?:total|sum|count|bucket))\{[^}]*\}/g)) {
      const at = expr.indexOf(whole)
      expect(expr.slice(0, at), name).toMatch(/\b(rate|irate|increase)\($/)
      expect(expr.slice(at + whole.length), name).toMatch(/^\[\S+\]\)/)
    }
    for (const [, window] of expr.matchAll(/\bi?rate\([^[]+\[([^\]]+)\]/g)) expect(window).toBe('$__rate_interval')
  })

  const { exclusions } = parse(readFileSync(new URL('../grafana/dashboards/.lint', import.meta.url), 'utf8')) as {
    exclusions: Record<string, { reason: string; entries: { dashboard: string }[] }>
  }
  const excused = (rule: string, title: string) =>
    exclusions[rule]?.entries.some(({ dashboard }) => dashboard === title) === true

  test.each(queries)('%s: the series are those that the variables choose', (_, expr, { title }) => {
    for (const { name, inner } of selectors(expr)) {
      const family = name.replace(/_(sum|count|bucket)$/, '')
      const ofChecks = name === '' || Object.hasOwn(checkMetrics, family) || Object.hasOwn(checkMetrics, name)
      if (ofChecks) {
        expect(inner, name).toContain('job=~"$job", instance=~"$instance", probe=~"$probe", $label=~"$value"')
      } else {
        expect(excused('target-job-rule', title) && excused('target-instance-rule', title), `${title}: ${name}`).toBe(
          true,
        )
        expect(inner, name).toMatch(
          /job=~"\$role_job", instance=~"\$role_instance"|(probe|queue)=~"(probes\\\\\.)?\$probe"/,
        )
      }
    }
  })

  test('nothing is excused without need, and each excuse has a reason', () => {
    for (const { reason, entries } of Object.values(exclusions)) {
      expect(reason).toMatch(/\S/)
      for (const { dashboard } of entries) {
        const own = queries.filter(([, , { title }]) => title === dashboard).flatMap(([, expr]) => selectors(expr))
        expect(own.some(({ inner }) => !inner.includes('instance=~"$instance"'))).toBe(true)
      }
    }
  })

  const hasPromtool = spawnSync('promtool', ['--version']).status === 0
  test.skipIf(!hasPromtool)(
    `promtool takes every query${hasPromtool ? '' : ' (promtool is not installed: apt-get install prometheus)'}`,
    () => {
      const variables = { label: 'team', objective: '99.9', window: '10m' }
      const values = { variables, fromMs: 0, toMs: 3_600_000, interval: '1m' }
      const rules = queries.map(([, expr], index) => ({ record: `query_${index}`, expr: inPromql(expr, values) }))
      const file = join(mkdtempSync(join(tmpdir(), 'sonde-promtool-')), 'queries.json')
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }))
      const { stdout, stderr } = spawnSync('promtool', ['check', 'rules', '--lint=none', file], { encoding: 'utf8' })
      rmSync(dirname(file), { recursive: true })
      expect(stderr).not.toContain('FAILED')
      expect(`${stdout}${stderr}`).toContain(`SUCCESS: ${queries.length} rules found`)
    },
  )
})

test.each(each)('%s: leads to all others with its time and variables', (_, { links, tags }) => {
  expect(links).toMatchObject([{ type: 'dashboards', tags, includeVars: true, keepTime: true }])
  expect(tags).toEqual(['sonde'])
})

test('every link of a row or a line leads to a dashboard that is there, and keeps the time and all variables that both have', () => {
  const links = all.flatMap((dashboard) =>
    [...JSON.stringify(dashboard).matchAll(/"url":"(\/d\/[^"]+)"/g)].map(([, url = '']) => ({ url, dashboard })),
  )
  expect(links.length).toBeGreaterThan(15)
  for (const { url, dashboard } of links) {
    const target = all.find(({ uid }) => uid === /^\/d\/([^?]+)\?/.exec(url)?.[1])
    const here = dashboard.templating.list.map(({ name }) => name)
    const both = here.filter((name) => target?.templating.list.some((one) => one.name === name))
    expect(both).toContain('prometheus_datasource')
    // What the row or the line names takes the place of what was chosen.
    const [, own = ''] = /&var-(\w+)=/.exec(url) ?? []
    const kept = [...url.matchAll(/\$\{(\w+):queryparam\}/g)].map(([, name]) => name)
    expect(url).toContain(`\${__url_time_range}`)
    expect(new Set(kept), `${dashboard.title}: ${url}`).toEqual(new Set(both.filter((name) => name !== own)))
  }
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { dashboards } from '../grafana/src/dashboards.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string): unknown => parse(readFileSync(join(root, file), 'utf8'), { merge: true })

type Rule = {
  uid: string
  condition: string
  data: {
    refId: string
    datasourceUid: string
    model: { expr?: string; rawSql?: string; type?: string; expression?: string }
  }[]
  noDataState: string
  execErrState: string
}
type Service = { volumes: string[]; environment: Record<string, string> }

const { datasources } = read('grafana/provisioning/datasources/sonde.yaml') as {
  datasources: { uid: string; type: string; user?: string; secureJsonData?: Record<string, string> }[]
}
const { groups } = read('grafana/provisioning/alerting/sonde.yaml') as { groups: { folder: string; rules: Rule[] }[] }
const rules = groups.flatMap((group) => group.rules)
const { services } = read('docker-compose.yml') as { services: Record<string, Service> }

test('alert rules have names of their own, and ask data sources that are provisioned', () => {
  expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length)
  const sources = new Map(datasources.map(({ uid, type }) => [uid, type]))
  for (const { uid, condition, data, noDataState, execErrState } of rules) {
    // Grafana's own limit.
    expect(uid).toMatch(/^[a-zA-Z0-9_-]{1,40}$/)
    expect(noDataState).toMatch(/^(OK|NoData|Alerting)$/)
    expect(execErrState).toBe('Error')
    const [asked, judged] = data
    expect(asked?.model).toHaveProperty(sources.get(asked?.datasourceUid ?? '') === 'postgres' ? 'rawSql' : 'expr')
    expect(judged).toMatchObject({ refId: condition, datasourceUid: '__expr__', model: { type: 'threshold' } })
    expect(judged?.model.expression).toBe(asked?.refId)
  }
})

test('secrets come by environment', () => {
  for (const { secureJsonData } of datasources) {
    for (const secret of Object.values(secureJsonData ?? {})) {
      expect(secret).toMatch(/^\$\w+$/)
      expect(Object.keys(services['grafana']?.environment ?? {})).toContain(secret.slice(1))
    }
  }
})

test('what is provisioned lies where the container has it', () => {
  const { providers } = read('grafana/provisioning/dashboards/sonde.yaml') as {
    providers: { folder: string; options: { path: string } }[]
  }
  const mounts = new Map(
    (services['grafana']?.volumes ?? []).map((volume) => volume.split(':').slice(0, 2) as [string, string]),
  )
  expect(mounts.get('./grafana/dashboards')).toBe(providers[0]?.options.path)
  expect(mounts.get('./grafana/provisioning')).toBe('/etc/grafana/provisioning')
  expect(groups.map(({ folder }) => folder)).toEqual(groups.map(() => providers[0]?.folder))
  const home = services['grafana']?.environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? ''
  expect(home.startsWith(`${providers[0]?.options.path}/`)).toBe(true)
  expect(Object.keys(dashboards)).toContain(home.slice((providers[0]?.options.path.length ?? 0) + 1))
})

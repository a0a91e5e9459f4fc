import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Dashboards and rules that others have published for blackbox_exporter lie beside the project, where there are any.
const folder = join(import.meta.dirname, '../../shared/compat')
export const hasCompat = existsSync(folder)

/** The published rule files, by path. */
export function compatRules(): string[] {
  return files('rules').filter((file) => !file.includes('promtool-tests'))
}

export type PanelQuery = { dashboard: string; panel: string; expression: string }

type Panel = { title?: string; panels?: Panel[]; targets?: { expr?: string }[] }
type Dashboard = { title: string; panels?: Panel[]; templating?: { list?: { type: string; query?: unknown }[] } }

/** Every query of every panel of the published dashboards, as it is written. */
export function compatPanelQueries(): PanelQuery[] {
  return dashboards().flatMap(({ name, dashboard }) =>
    allPanels(dashboard.panels ?? []).flatMap((panel) =>
      (panel.targets ?? []).flatMap(({ expr }) =>
        expr === undefined ? [] : [{ dashboard: name, panel: panel.title ?? '', expression: expr }],
      ),
    ),
  )
}

/** The queries that fill the dashboards' variables, `label_values(selector, label)`, as PromQL. */
export function compatVariableQueries(): PanelQuery[] {
  return dashboards().flatMap(({ name, dashboard }) =>
    (dashboard.templating?.list ?? []).flatMap(({ type, query }) => {
      const text = typeof query === 'object' && query !== null && 'query' in query ? query.query : query
      const [, selector, label] =
        /^label_values\((.*),\s*(\w+)\)$/.exec(type === 'query' && typeof text === 'string' ? text : '') ?? []
      return selector === undefined || label === undefined
        ? []
        : [{ dashboard: name, panel: label, expression: `count by (${label}) (${selector})` }]
    }),
  )
}

/** A query with its variables filled in as Grafana does when everything is selected; a cluster is what our metrics have not. */
export function filledIn(expression: string): string {
  return expression.replaceAll('"$cluster"', '""').replaceAll(/\$\w+/g, '.*')
}

function allPanels(panels: readonly Panel[]): Panel[] {
  return panels.flatMap((panel) => [panel, ...allPanels(panel.panels ?? [])])
}

function dashboards(): { name: string; dashboard: Dashboard }[] {
  return files('dashboards').map((file) => ({
    name: file.slice(file.lastIndexOf('/') + 1, -'.json'.length),
    dashboard: JSON.parse(readFileSync(file, 'utf8')) as Dashboard,
  }))
}

function files(kind: string): string[] {
  return readdirSync(join(folder, kind)).map((name) => join(folder, kind, name))
}

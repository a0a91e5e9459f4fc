import { stringify } from 'yaml'
import { type AlertRule, alertRules } from './alerts.ts'

const header = '# Written by `node grafana/generate.ts` from grafana/src/alerts.ts.\n'

/** Grafana-managed alert rules, as files of provisioning/alerting. */
export const alerting: Record<string, string> = {
  'sonde.yaml':
    header +
    stringify(
      {
        apiVersion: 1,
        groups: Object.entries(alertRules).map(([name, rules]) => ({
          orgId: 1,
          name,
          folder: 'Sonde',
          interval: '30s',
          rules: rules.map(provisioned),
        })),
      },
      { lineWidth: 0 },
    ),
}

/** A rule of two steps: A asks, and C judges each of its answers. */
function provisioned(rule: AlertRule) {
  const { uid, title, severity, summary, description, noData } = rule
  return {
    uid,
    title,
    condition: 'C',
    data: [
      {
        refId: 'A',
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: rule.source,
        model: { refId: 'A', ...question(rule) },
      },
      {
        refId: 'C',
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: '__expr__',
        model: {
          refId: 'C',
          type: 'threshold',
          expression: 'A',
          conditions: [{ evaluator: { type: rule.fires.when, params: [rule.fires.bound] } }],
        },
      },
    ],
    for: rule.for,
    noDataState: noData,
    // That the data source does not answer is an alert of its own, under the name of the rule.
    execErrState: 'Error',
    labels: { severity },
    annotations: { summary, description },
  }
}

function question({ source, query }: AlertRule) {
  if (source === 'prometheus') return { expr: query, instant: true, range: false, editorMode: 'code' }
  return { rawSql: query, rawQuery: true, format: 'table', editorMode: 'code' }
}

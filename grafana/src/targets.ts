import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { postgres, prometheus } from './variables.ts'

/** What a panel asks: of Prometheus, with how its series are to be called, or of PostgreSQL. */
export type Query = { language: 'promql'; text: string; legend: string } | { language: 'sql'; text: string }

export function promql(text: string, legend = ''): Query {
  return { language: 'promql', text, legend }
}

export function sql(text: string): Query {
  return { language: 'sql', text }
}

/** A query of Prometheus; whether it is for now or over time is the panel's to say. */
export function seriesTarget(query: Query, refId: string): DataqueryBuilder {
  if (query.language !== 'promql') throw new Error(`expected PromQL, found SQL: ${query.text}`)
  return new DataqueryBuilder().refId(refId).datasource(prometheus).expr(query.text).legendFormat(query.legend)
}

type SqlDataquery = Dataquery & {
  refId: string
  datasource: typeof postgres
  rawSql: string
  rawQuery: true
  editorMode: 'code'
  format: 'table' | 'time_series'
}

/** A query of Grafana's PostgreSQL data source, for which its SDK has no builder. */
export class SqlTarget implements Builder<Dataquery> {
  readonly #query: SqlDataquery

  constructor(query: Query, refId: string, format: SqlDataquery['format']) {
    this.#query = {
      refId,
      datasource: postgres,
      rawSql: query.text,
      rawQuery: true,
      editorMode: 'code',
      format,
      _implementsDataqueryVariant: () => undefined,
    }
  }

  build(): SqlDataquery {
    return this.#query
  }
}

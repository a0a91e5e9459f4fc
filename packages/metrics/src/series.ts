import type { CheckSeries } from './check-series.ts'
import { familyHeader, labelText, numberText } from './exposition.ts'
import { type CheckMetricName, checkMetrics } from './names.ts'
import { type Emit, samplers } from './samples.ts'

export type SeriesOptions = {
  /** One value of `job` for every series (`SONDE_METRICS_JOB`); by default each check's key. */
  job?: string | undefined
}

const chunkLength = 64 * 1024

/**
 * The check series in Prometheus text format, in chunks of about 64 KiB: family by family, each with its HELP and TYPE once,
 * checks by key and then region. Nothing but the labels of each check is held, so 200,000 series cost little memory.
 */
export function* writeCheckSeries(all: Iterable<CheckSeries>, options: SeriesOptions = {}): Generator<string> {
  const rows = [...all]
    .sort((a, b) => compare(a.check.key, b.check.key) || compare(a.region, b.region))
    .map((series) => ({ series, labels: commonLabels(series, options) }))
  if (options.job !== undefined) yield* scraped(rows)
  for (const name of Object.keys(checkMetrics) as CheckMetricName[]) {
    let chunk = ''
    let labels = ''
    let header = familyHeader(name, checkMetrics[name])
    const emit: Emit = (value, own = '', suffix = '') => {
      // A family without samples is left out, its header too.
      chunk += `${header}${name}${suffix}{${labels}${own === '' ? '' : ','}${own}} ${numberText(value)}\n`
      header = ''
    }
    for (const row of rows) {
      labels = row.labels
      samplers[name](row.series, emit)
      if (chunk.length >= chunkLength) {
        yield chunk
        chunk = ''
      }
    }
    if (chunk !== '') yield chunk
  }
}

/**
 * Where all checks go by one job they stand for a scrape each, and Prometheus would know that each is up: dashboards list their targets by
 * it. As a federated Prometheus does, we say so ourselves, for `honor_labels` to keep.
 */
function* scraped(rows: readonly { labels: string }[]): Generator<string> {
  let chunk = familyHeader('up', { type: 'gauge', help: 'Whether the probe of the target was asked for and told' })
  for (const { labels } of rows) {
    chunk += `up{${labels}} 1\n`
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
  }
  if (rows.length > 0 && chunk !== '') yield chunk
}

/** The whole of `writeCheckSeries` as one string: for few checks, and for tests. */
export function checkSeriesText(all: Iterable<CheckSeries>, options: SeriesOptions = {}): string {
  return [...writeCheckSeries(all, options)].join('')
}

function commonLabels({ check, region }: CheckSeries, { job = check.key }: SeriesOptions): string {
  const own = Object.entries(check.labels).sort(([a], [b]) => compare(a, b))
  return labelText([['instance', check.target], ['job', job], ['kind', check.kind], ['probe', region], ...own])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What Grafana puts in place of the variables of a dashboard, in the ways that its data sources do. */
export type Values = {
  /** A list is of a variable that takes several, `all` one that was left on "All" with its `allValue`. */
  variables: Record<string, string | string[] | { all: string }>
  fromMs: number
  toMs: number
  interval: string
}

/** PromQL with its variables filled in; patterns are escaped twice, as they stand in a string there. */
export function inPromql(text: string, { variables, interval, fromMs, toMs }: Values): string {
  const own: Record<string, string> = {
    __rate_interval: '1m',
    __interval: interval,
    __range: `${Math.round((toMs - fromMs) / 1000)}s`,
  }
  const escaped = (one: string) => one.replaceAll('\\', '\\\\\\\\').replaceAll(/[$^*{}[\]'+?.()|]/g, '\\\\$&')
  return replaced(text, (name) => own[name] ?? valueOf(variables[name], escaped, (one) => one))
}

/** SQL with its variables (`:regex` and `:raw`) and macros filled in, the latter after Grafana's macros.go. */
export function inSql(text: string, { variables, interval, fromMs, toMs }: Values): string {
  const escaped = (one: string) => one.replaceAll(/[\\^$*+?.()|[\]{}/]/g, '\\$&')
  const [from, to] = [fromMs, toMs].map((ms) => `'${new Date(ms).toISOString()}'`)
  return replaced(text, (name, format) =>
    name === '__interval' ? interval : valueOf(variables[name], format === 'regex' ? escaped : undefined, (one) => one),
  ).replaceAll(/\$(__\w+)\(([^)]*)\)/g, (macro, name: string, list: string) => {
    const [column = '', width = ''] = list.split(',').map((one) => one.trim())
    const seconds = secondsOf(width.replaceAll("'", ''))
    if (name === '__timeFilter') return `${column} BETWEEN ${from} AND ${to}`
    if (name === '__timeFrom') return `${from}`
    if (name === '__timeTo') return `${to}`
    if (name === '__timeGroupAlias') return `floor(extract(epoch from ${column})/${seconds})*${seconds} AS "time"`
    throw new Error(`a macro that Grafana's PostgreSQL data source does not have, or that tests do not: ${macro}`)
  })
}

/** `now-6h` in ms since the epoch. */
export function timeOf(text: string, nowMs: number): number {
  const [, span] = /^now(?:-(\w+))?$/.exec(text) ?? []
  return nowMs - (span === undefined ? 0 : secondsOf(span) * 1000)
}

function replaced(text: string, valueOfName: (name: string, format: string | undefined) => string | undefined) {
  return text.replaceAll(
    /\$(\w+)|\$\{(\w+)(?::(\w+))?\}/g,
    (whole, bare: string | undefined, name: string | undefined, format: string | undefined) =>
      valueOfName(bare ?? name ?? '', format) ?? whole,
  )
}

function valueOf(
  value: Values['variables'][string] | undefined,
  pattern: ((one: string) => string) | undefined,
  plain: (one: string) => string,
): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return plain(value)
  if (!Array.isArray(value)) return value.all
  const all = value.map(pattern ?? plain)
  return all.length === 1 ? all[0] : `(${all.join('|')})`
}

function secondsOf(span: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(span) ?? []
  if (unit === undefined) return Number.NaN
  return Number(count) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? Number.NaN)
}

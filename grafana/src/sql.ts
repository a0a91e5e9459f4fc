/**
 * SQL that chooses as the series do. Values are put in as a pattern between `$sonde$` quotes: what Grafana escapes for a pattern
 * cannot end them, as it escapes every dollar sign.
 */
function matches(column: string, variable: string): string {
  return `${column} ~ ('^(?:' || $sonde$\${${variable}:regex}$sonde$ || ')$')`
}

/** Checks `c` that the variables choose. */
export const chosenCheck = [
  'c.enabled',
  matches('c.key', 'job'),
  matches('c.target', 'instance'),
  matches("coalesce(c.labels->>$sonde$${label:raw}$sonde$, '')", 'value'),
].join('\n  and ')

/** Regions `g` that the variables choose. */
export const chosenRegion = matches('g.name', 'probe')

/** The time shown, for `counts_between`. */
export const shown = '$__timeFrom()::timestamptz, $__timeTo()::timestamptz'

/**
 * `from` and `where` of what the states of the chosen checks say: `s`, with check `c` and region `g`. A region that a check has no more
 * keeps its last state: what is older than three of the longest intervals says nothing of now.
 */
export const chosenStates = `from state_facts s
join check_facts c on c.id = s.check_id
join regions g on g.id = s.region_id
where s.last_slot > now() - interval '3 days'
  and g.retired_at is null
  and ${chosenCheck}
  and ${chosenRegion}`

/** The counts `n` of the chosen checks and regions between two instants. */
export function chosenCounts(between = shown): string {
  return `from counts_between(${between}) n
join check_facts c on c.id = n.check_id
join regions g on g.id = n.region_id
where ${chosenCheck}
  and ${chosenRegion}`
}

/** Raw results `r` of the chosen checks and regions in the time shown. */
export const chosenResults = `from results r
join check_facts c on c.id = r.check_id
join regions g on g.id = r.region_id
where $__timeFilter(r.slot)
  and ${chosenCheck}
  and ${chosenRegion}`

/** Incidents `i` of the chosen checks; those of no check are Sonde's own, and shown wherever all checks are. */
export function incidents(where: string): string {
  return `from incidents i
left join check_facts c on c.id = i.check_id
where ${where}
  and (c.id is null and $sonde$\${job:regex}$sonde$ = '.+' or ${chosenCheck})`
}

/** Certificates `t` that the chosen checks were shown last. */
export const currentCertificates = `from certificates t
join certificate_sightings s using (sha256)
join check_facts c on c.id = s.check_id
join regions g on g.id = s.region_id
where s.current
  and g.retired_at is null
  and ${chosenCheck}
  and ${chosenRegion}`

/** The common name of a subject or issuer, or all of it where it has none. */
export function commonName(column: string): string {
  return `coalesce(substring(${column} from 'CN=([^,]+)'), ${column})`
}

/** Availability and what is left of the error budget, from the counts `n`. */
export const good = 'sum(n.up) / nullif(sum(n.up + n.down), 0)'
export const budgetLeft = `1 - sum(n.down) / nullif(sum(n.up + n.down) * (1 - $objective / 100.0), 0)`

/** A part of one as text, for a column of a table whose unit is another. */
export function percent(part: string): string {
  return `round((${part})::numeric * 100, 3) || ' %'`
}

/** Rows in the default partitions, up to 1,000 of each: nobody made the partition of their time. */
export const strayRows = `select (select count(*) from (select from results_default limit 1000) r)
  + (select count(*) from (select from rollups_5m_default limit 1000) r)
  + (select count(*) from (select from rollups_1h_default limit 1000) r) as stray`

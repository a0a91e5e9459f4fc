import type { Check, Result, SeenChain } from '@sonde/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { numbersOf } from '../ingest/states.ts'

export type SeenCertificate = NonNullable<Result['tls']>['chain'][number]

/** How an enabled check stands in a region, with as much of it as metrics tell. */
export type MetricState = {
  check: Pick<Check, 'key' | 'name' | 'kind' | 'target' | 'interval' | 'timeout' | 'labels'> & {
    alerts: Pick<Check['alerts'], 'regions'>
  }
  region: string
  verdict: 'unknown' | 'up' | 'down'
  lastSlotMs: number | null
  /** Null when only the verdict of this region was asked for, as those of all regions make that of the check. */
  counted: {
    /** The newest result, its chain too; of its headers those that metrics tell. */
    result: Result | null
    totals: Record<string, number>
    durationCount: number
    durationSumSeconds: number
    durationBuckets: number[]
  } | null
}

/** Which checks (all of them when empty), and of these which regions in full. */
export type MetricFilter = { checks: readonly string[]; regions: readonly string[] }

type Row = {
  key: string
  name: string | null
  kind: Check['kind']
  target: string
  interval: string
  timeout: string
  labels: Record<string, string>
  quorum: Check['alerts']['regions']
  region: string
  verdict: MetricState['verdict']
  last_slot_ms: number | null
  counted: boolean
  recent: Result | null
  chain: SeenChain | null
  totals: Record<string, number> | null
  duration_count: string
  duration_sum_seconds: number
  duration_buckets: string
}

const pageRows = 500

/**
 * Hands the states of all enabled checks to `take`, page by page as one snapshot has them, so that memory holds what `take` keeps
 * of them and a page more. They come in no order. Documents of details are not read: the chain is put together from the
 * certificates, of which each is read once however many checks show it.
 */
export async function readMetricStates(
  db: Database,
  filter: MetricFilter,
  take: (states: MetricState[]) => void,
): Promise<void> {
  await db.transaction(
    async (tx) => {
      const certificates = await currentCertificates(tx, filter)
      await tx.execute(sql`declare states no scroll cursor for ${statesQuery(filter)}`)
      const fetchPage = async () => (await tx.execute<Row>(sql.raw(`fetch ${pageRows} from states`))).rows
      for (let page = fetchPage(); ; ) {
        const rows = await page
        const isLast = rows.length < pageRows
        // PostgreSQL reads the next page while this one is taken in.
        if (!isLast) page = fetchPage()
        // Where `take` throws nobody is left to hear of that page.
        page.catch(() => undefined)
        if (rows.length > 0) take(rows.map((row) => toState(row, certificates)))
        if (isLast) return
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

function statesQuery({ checks, regions }: MetricFilter): SQL {
  const counted = regions.length === 0 ? sql`true` : sql`g.name = any(${sql.param([...regions])}::text[])`
  const column = (name: string) => sql`case when ${counted} then s.${sql.raw(name)} end as ${sql.raw(name)}`
  return sql`select c.key, c.doc->>'name' as name, c.doc->>'kind' as kind, c.doc->>'target' as target, c.doc->>'interval' as interval,
      c.doc->>'timeout' as timeout, c.doc->'labels' as labels, c.doc->'alerts'->'regions' as quorum, g.name as region, s.verdict,
      extract(epoch from s.last_slot)::double precision * 1000 as last_slot_ms, ${counted} as counted,
      ${column('recent')}, ${column('chain')}, ${column('totals')}, s.duration_count, s.duration_sum_seconds,
      s.duration_buckets::text as duration_buckets
    from check_states s join checks c on c.id = s.check_id join regions g on g.id = s.region_id
    where c.doc->>'enabled' = 'true' and ${ofChecks(checks)}`
}

/** Every certificate of a chain that was seen last somewhere, by fingerprint. */
async function currentCertificates(
  tx: Queryable,
  { checks }: MetricFilter,
): Promise<ReadonlyMap<string, SeenCertificate>> {
  const { rows } = await tx.execute<
    Omit<SeenCertificate, 'notBefore' | 'notAfter'> & { before: number; after: number }
  >(
    sql`select sha256, subject, issuer, serial, extract(epoch from not_before)::double precision * 1000 as before,
          extract(epoch from not_after)::double precision * 1000 as after, san, key_type as "keyType", key_bits as "keyBits", signature
        from certificates where sha256 in (
          select s.sha256 from certificate_sightings s join checks c on c.id = s.check_id where s.current and ${ofChecks(checks)})`,
  )
  return new Map(
    rows.map(({ before, after, ...same }) => [
      same.sha256,
      { ...same, notBefore: new Date(before).toISOString(), notAfter: new Date(after).toISOString() },
    ]),
  )
}

function ofChecks(keys: readonly string[]): SQL {
  return keys.length === 0 ? sql`true` : sql`c.key = any(${sql.param([...keys])}::text[])`
}

function toState(row: Row, certificates: ReadonlyMap<string, SeenCertificate>): MetricState {
  const { key, name, kind, target, interval, timeout, labels, quorum, region, verdict } = row
  return {
    check: { key, name: name ?? undefined, kind, target, interval, timeout, labels, alerts: { regions: quorum } },
    region,
    verdict,
    lastSlotMs: row.last_slot_ms,
    counted: row.counted
      ? {
          result: withChain(row.recent, row.chain, certificates),
          totals: row.totals ?? {},
          durationCount: Number(row.duration_count),
          durationSumSeconds: row.duration_sum_seconds,
          durationBuckets: numbersOf(row.duration_buckets),
        }
      : null,
  }
}

/** A result that saw a chain saw the one noted last: another would have been noted with it. */
function withChain(
  recent: Result | null,
  seen: SeenChain | null,
  certificates: ReadonlyMap<string, SeenCertificate>,
): Result | null {
  if (recent === null || recent.tls === null || recent.tls.earliestExpiry === null || seen === null) return recent
  const chain = seen.sha256s.map((sha256) => certificates.get(sha256))
  return chain.every((one) => one !== undefined) ? { ...recent, tls: { ...recent.tls, chain } } : recent
}

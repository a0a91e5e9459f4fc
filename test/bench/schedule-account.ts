import { cadence, slotsBetween } from '@sonde/core'
import pg from 'pg'
import { percentile } from './statistics.ts'

export type ScheduleAccount = {
  due: number
  rows: number
  /** Slots without a row. */
  silent: number
  /** Rows that are no slot. */
  invented: number
  missed: Record<string, number>
  down: number
  /** From the slot to the probe's start, ms. */
  lagMs: { p50: number; p99: number; max: number }
}

type Row = { id: number; region: string; slot_ms: number; outcome: string; code: string | null; lag_ms: number | null }

/** What became of every slot in [from, to) of these checks: slots are computed here anew, and compared with the rows. */
export async function accountForSchedule(
  url: string,
  what: { ids: readonly number[]; regions: readonly string[]; intervalMs: number; from: number; to: number },
): Promise<ScheduleAccount> {
  const due = new Set<string>()
  for (const id of what.ids)
    for (const region of what.regions)
      for (const slot of slotsBetween(cadence(id, region, what.intervalMs), what.from, what.to))
        due.add(`${id} ${region} ${slot}`)
  const rows = await rowsBetween(url, what.from, what.to)
  const found = new Set(rows.map(({ id, region, slot_ms }) => `${id} ${region} ${slot_ms}`))
  const missed: Record<string, number> = {}
  for (const { outcome, code } of rows) if (outcome === 'missed') missed[code ?? ''] = (missed[code ?? ''] ?? 0) + 1
  const lags = rows.flatMap(({ lag_ms }) => (lag_ms === null ? [] : [lag_ms]))
  return {
    due: due.size,
    rows: rows.length,
    silent: due.difference(found).size,
    invented: found.difference(due).size,
    missed,
    down: rows.filter(({ outcome }) => outcome === 'down').length,
    lagMs: { p50: percentile(lags, 50), p99: percentile(lags, 99), max: percentile(lags, 100) },
  }
}

async function rowsBetween(url: string, from: number, to: number): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Row>(
      `select r.check_id as id, g.name as region, (extract(epoch from r.slot) * 1000)::float8 as slot_ms, r.outcome, r.code,
         r.start_delay_ms as lag_ms
       from results r join regions g on g.id = r.region_id
       where r.slot >= $1 and r.slot < $2`,
      [new Date(from), new Date(to)],
    )
    return rows
  } finally {
    await client.end()
  }
}

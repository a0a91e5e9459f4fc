import { cadence, durationMs, slotsBetween } from '@sonde/core'
import pg from 'pg'

export type Account = {
  due: number
  rows: number
  /** Slots that have no row. */
  silent: number
  /** Rows that are no slot of their check. */
  invented: number
  missed: Record<string, number>
}

/** What became of every slot in [from, to): the slots are computed here anew, and compared with the rows that are there. */
export async function accountFor(url: string, from: number, to: number): Promise<Account> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const checks = await client.query<{ key: string; interval: string }>(
      "select key, doc->>'interval' as interval from checks",
    )
    const regions = await client.query<{ name: string }>('select name from regions')
    const rows = await client.query<{ key: string; region: string; slot: Date; outcome: string; code: string | null }>(
      `select c.key, g.name as region, r.slot, r.outcome, r.code from results r
       join checks c on c.id = r.check_id join regions g on g.id = r.region_id where r.slot >= $1 and r.slot < $2`,
      [new Date(from), new Date(to)],
    )
    const due = new Set(
      checks.rows.flatMap(({ key, interval }) =>
        regions.rows.flatMap(({ name }) =>
          slotsBetween(cadence(key, name, durationMs(interval)), from, to).map((slot) => `${key} ${name} ${slot}`),
        ),
      ),
    )
    const found = new Set(rows.rows.map(({ key, region, slot }) => `${key} ${region} ${slot.getTime()}`))
    const missed: Record<string, number> = {}
    for (const { outcome, code } of rows.rows)
      if (outcome === 'missed') missed[code ?? ''] = (missed[code ?? ''] ?? 0) + 1
    return {
      due: due.size,
      rows: rows.rows.length,
      silent: due.difference(found).size,
      invented: found.difference(due).size,
      missed,
    }
  } finally {
    await client.end()
  }
}

/** The slot of the newest result that a probe brought in each region; the oldest of them says since when all regions work. */
export async function newestProbed(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  await client.connect()
  try {
    const { rows } = await client.query<{ slot: Date | null }>(
      `select min(slot) as slot from (select max(r.slot) as slot from results r
         where r.outcome <> 'missed' and r.slot > now() - interval '10 minutes' group by r.region_id) newest`,
    )
    return rows[0]?.slot?.getTime() ?? 0
  } finally {
    await client.end()
  }
}

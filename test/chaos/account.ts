import pg from 'pg'
import { compareWithHistory, type History } from './history.ts'

export type Account = {
  due: number
  rows: number
  /** Slots that were counted more than once: in the totals of a check, or as rows. */
  duplicates: number
  /** Slots that have no row. */
  silent: number
  /** Rows that are no slot of their check. */
  invented: number
  missed: Record<string, number>
}

type Row = { key: string; region: string; slot: Date; outcome: string; code: string | null }

/** What became of every slot in [from, to): the slots are computed here anew, and compared with the rows that are there. */
export async function accountFor(
  url: string,
  histories: readonly History[],
  from: number,
  to: number,
): Promise<Account & { examples: string[] }> {
  return onConnection(url, async (client) => {
    const { rows } = await client.query<Row>(
      `select c.key, g.name as region, r.slot, r.outcome, r.code from results r
       join checks c on c.id = r.check_id join regions g on g.id = r.region_id where r.slot >= $1 and r.slot < $2`,
      [new Date(from), new Date(to)],
    )
    const byKey = Map.groupBy(rows, ({ key }) => key)
    const names = (key: string) => (byKey.get(key) ?? []).map(({ region, slot }) => `${region} ${slot.getTime()}`)
    const ids = new Map(
      (await client.query<{ id: number; key: string }>('select id, key from checks')).rows.map(({ id, key }) => [
        key,
        id,
      ]),
    )
    const compared = histories.map((history) => ({
      key: history.key,
      ...compareWithHistory(history, ids.get(history.key) as number, new Set(names(history.key)), from, to),
    }))
    const missed: Record<string, number> = {}
    for (const { outcome, code } of rows) if (outcome === 'missed') missed[code ?? ''] = (missed[code ?? ''] ?? 0) + 1
    const sum = (of: (one: (typeof compared)[number]) => number) => compared.reduce((total, one) => total + of(one), 0)
    const twice = rows.length - histories.reduce((total, { key }) => total + new Set(names(key)).size, 0)
    return {
      due: sum(({ due }) => due),
      rows: rows.length,
      duplicates: twice + (await countedTwice(client)),
      silent: sum(({ silent }) => silent.length),
      invented: sum(({ invented }) => invented.length),
      missed,
      examples: compared.flatMap(({ key, silent, invented }) => [
        ...silent.slice(0, 3).map((name) => `${key} ${name} is silent`),
        ...invented.slice(0, 3).map((name) => `${key} ${name} is invented`),
      ]),
    }
  })
}

/**
 * A slot's row can be there only once, but a chunk that comes twice might be counted twice. What a probe found is never replaced,
 * so the totals of the states must be as many as the rows of it, ever since the beginning.
 */
async function countedTwice(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ counted: string; stored: string; observed: string }>(
    `select
       (select coalesce(sum(t.value::bigint), 0) from check_states, jsonb_each_text(totals) t where t.key !~ '^missed') as counted,
       (select coalesce(sum(duration_count), 0) from check_states) as observed,
       (select count(*) from results where outcome <> 'missed') as stored`,
  )
  const [{ counted, stored, observed }] = rows as [(typeof rows)[number]]
  return Math.max(Math.abs(Number(counted) - Number(stored)), Math.abs(Number(observed) - Number(stored)))
}

/** The slot of the newest result that a probe brought in each region; the oldest of them says since when all regions work. */
export async function newestProbed(url: string, regions: number): Promise<number> {
  return onConnection(url, async (client) => {
    const { rows } = await client.query<{ slot: Date | null; regions: string }>(
      `select min(slot) as slot, count(*) as regions from (select max(r.slot) as slot from results r
         where r.outcome <> 'missed' and r.slot > now() - interval '20 minutes' group by r.region_id) newest`,
    )
    return Number(rows[0]?.regions) < regions ? 0 : (rows[0]?.slot?.getTime() ?? 0)
  })
}

export async function onConnection<Value>(url: string, work: (client: pg.Client) => Promise<Value>): Promise<Value> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000, query_timeout: 20_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

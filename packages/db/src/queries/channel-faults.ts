import { AlertPolicy, judgeChannelDead, withdrawn } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { openIncidents, writeDecision } from '../ingest/decisions.ts'
import type { IncidentAbout } from '../ingest/incident-row.ts'

// One process at a time judges the channels ("chd" in ASCII).
const channelLock = 0x636864

// More than anybody reads, and enough to see what it is about.
const shownMissed = 10
const maxListeners = 16

/**
 * Opens an incident about a channel that does not take what it is sent, told through others: those that stand beside it in a check's
 * policy, or where there is none all others, and never those that are at fault themselves. Once, until it takes something again.
 */
export function reportChannelFault(
  db: Pick<Database, 'transaction'>,
  channel: string,
  fault: { error: string; gone: boolean },
  nowMs: number,
): Promise<void> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${channelLock})`)
    const open = await openIncidents(tx, ['channelDead'])
    const own = open.find(({ subject }) => subject === channel) ?? null
    if (own !== null) return
    const faulty = [channel, ...open.map(({ subject }) => subject)]
    const about = aboutChannel(channel, await listenersOf(tx, channel, faulty))
    const decision = judgeChannelDead({ channel, ...fault, ...(await missedBy(tx, channel)) }, own)
    await writeDecision(tx, { rule: 'channelDead', checkId: null, about, open: own }, decision, nowMs)
  })
}

/** Resolves what was reported of a channel that has taken something; of one that is gone or turned off too. */
export async function endChannelFaults(
  db: Pick<Database, 'transaction' | 'execute'>,
  which: { channel: string } | 'gone',
  nowMs: number,
): Promise<void> {
  const ended =
    which === 'gone'
      ? sql`not exists (select from channels c where c.key = i.subject and coalesce((c.doc->>'enabled')::boolean, true))`
      : sql`i.subject = ${which.channel}`
  const found = sql`select subject from incidents i where i.state = 'open' and i.rule = 'channelDead' and ${ended}`
  const { rows } = await db.execute<{ subject: string }>(found)
  if (rows.length === 0) return
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${channelLock})`)
    const subjects = new Set(rows.map(({ subject }) => subject))
    for (const open of await openIncidents(tx, ['channelDead'])) {
      if (!subjects.has(open.subject)) continue
      await writeDecision(tx, { ...open, open }, withdrawn(open, 'it takes messages again, or is gone'), nowMs)
    }
  })
}

async function listenersOf(tx: Queryable, channel: string, faulty: readonly string[]): Promise<string[]> {
  const usable = sql`c.refused is null and coalesce((c.doc->>'enabled')::boolean, true)
    and c.key <> all(${sql.param(faulty)}::text[])`
  const { rows: beside } = await tx.execute<{ key: string }>(
    sql`select c.key from channels c where ${usable} and exists (select from checks k
          where k.doc->'alerts'->'channels' @> to_jsonb(${channel}::text) and k.doc->'alerts'->'channels' @> to_jsonb(c.key))
        order by c.key limit ${maxListeners}`,
  )
  if (beside.length > 0) return beside.map(({ key }) => key)
  const { rows } = await tx.execute<{ key: string }>(
    sql`select c.key from channels c where ${usable} order by c.key limit ${maxListeners}`,
  )
  return rows.map(({ key }) => key)
}

async function missedBy(tx: Queryable, channel: string) {
  const { rows } = await tx.execute<{ check_key: string; type: string; total: number }>(
    sql`select doc->>'checkKey' as check_key, type, count(*) over ()::int as total from outbox
        where channel_key = ${channel} and state <> 'sent' and (state = 'pending' or dead_at > now() - interval '1 day')
        order by number limit ${shownMissed}`,
  )
  return {
    missed: rows.map(({ check_key, type }) => ({ checkKey: check_key, type })),
    missedCount: rows[0]?.total ?? 0,
  }
}

function aboutChannel(channel: string, channels: string[]): IncidentAbout {
  return {
    key: 'sonde',
    target: `channel ${channel}`,
    kind: 'sonde',
    labels: {},
    alerts: { ...AlertPolicy.parse({}), channels },
  }
}

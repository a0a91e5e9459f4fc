import { decideTelling, type IncidentDocument, type NotificationType, type Telling } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import type { Audience } from './audience.ts'
import { hearingAtOnce, leaveGroups } from './gather.ts'
import { heldForEvidence } from './held.ts'
import { type IncidentAbout, type IncidentRow, incidentDocument } from './incident-row.ts'
import { mutedUntil } from './mutes.ts'

// What decides about telling has an incident looked at when it changes, unless somebody is writing that incident just then: it is
// looked at again after so long at most.
const lookAgainMs = 300_000

const atOnce = sql`now()`

/** What became of an incident. */
export type IncidentChange = { type: NotificationType; incident: IncidentDocument }

type Change = {
  type: 'incident.opened' | 'incident.updated' | 'incident.resolved'
  nowMs: number
  audience: Audience
  to?: 'all' | readonly string[]
}

/**
 * Writes the notifications of a change in its transaction; undefined when another process got there first. That it opened is told
 * to the channels of the policy, unless it is muted; that it changed to those that were told of the opening (of these `to` names some,
 * where it is no news for the others), unless it is muted; and that it is over to those in any case, as they wait for it.
 */
export async function written(
  tx: Queryable,
  about: IncidentAbout,
  row: IncidentRow | undefined,
  { type, nowMs, audience, to = 'all' }: Change,
): Promise<IncidentChange | undefined> {
  if (row === undefined) return undefined
  const incident = incidentDocument(row, about)
  if (type === 'incident.opened') {
    await tellOpen(tx, { row, about, told: [], toldMs: null, remindedMs: null }, audience, nowMs, heldForEvidence(row))
  } else {
    if (type === 'incident.resolved') await leaveGroups(tx, row.id)
    const told = (await channelsTold(tx, row.id)).filter((channel) => to === 'all' || to.includes(channel))
    const muted =
      type === 'incident.updated' &&
      told.length > 0 &&
      mutedUntil(await audience.mutesAt(nowMs), { ...about, rule: row.rule }) !== null
    if (!muted) await insertMessages(tx, type, incident, told, incident.resolvedAt ?? incident.openedAt)
  }
  return { type, incident }
}

/** An open incident, and what has been told of it. */
export type OpenTold = {
  row: IncidentRow
  about: IncidentAbout
  told: readonly string[]
  toldMs: number | null
  remindedMs: number | null
}

/** Tells of an open incident what is due, and notes it, in the transaction that holds its row. Its opening is sent at `openedDue`. */
export async function tellOpen(
  tx: Queryable,
  open: OpenTold,
  audience: Audience,
  nowMs: number,
  openedDue = atOnce,
): Promise<IncidentChange[]> {
  const { row, about, told, toldMs, remindedMs } = open
  const { alerts } = about
  const openedMs = new Date(row.opened_at).getTime()
  const telling = decideTelling(
    {
      policy: alerts,
      openedMs,
      toldMs,
      remindedMs,
      acknowledged: row.acknowledged_at !== null,
      told: new Set(told),
      available: await audience.channels(),
      mutedUntilMs: mutedUntil(await audience.mutesAt(nowMs), { ...about, rule: row.rule }),
    },
    nowMs,
  )
  const incident = incidentDocument(row, about)
  const decidedAt = toldMs === null && telling.toldMs !== null && openedMs === nowMs ? incident.openedAt : iso(nowMs)
  const first = await noteTold(tx, row.id, telling.open, nowMs)
  const hearing = await hearingAtOnce(tx, row.id, groupOf(about), first, nowMs)
  await insertMessages(tx, 'incident.opened', incident, hearing, decidedAt, openedDue)
  if (telling.remind.length > 0) {
    const heard = new Set(await channelsTold(tx, row.id))
    const remind = telling.remind.filter((channel) => heard.has(channel))
    await insertMessages(tx, 'incident.reminder', incident, remind, decidedAt)
  }
  await noteTelling(tx, row.id, telling, nowMs)
  return [
    ...(first.length > 0 ? [{ type: 'incident.opened', incident } as const] : []),
    ...(telling.remind.length > 0 ? [{ type: 'incident.reminder', incident } as const] : []),
  ]
}

/** What incidents have in common that are told together; null when this one is told on its own. */
function groupOf({ alerts, labels }: IncidentAbout): string | null {
  const value = alerts.groupBy === undefined ? undefined : labels[alerts.groupBy]
  return value === undefined ? null : `${alerts.groupBy}=${value}`
}

/** The channels that have been told that an incident opened; not those for which it still waits for others. */
async function channelsTold(tx: Queryable, incidentId: string): Promise<string[]> {
  const { rows } = await tx.execute<{ channel_key: string }>(
    sql`select channel_key from incident_tellings where incident_id = ${incidentId}::uuid and gather_at is null order by channel_key`,
  )
  return rows.map(({ channel_key }) => channel_key)
}

/** Notes that these channels are told of the opening; answers those that were not before. */
async function noteTold(
  tx: Queryable,
  incidentId: string,
  channels: readonly string[],
  nowMs: number,
): Promise<string[]> {
  if (channels.length === 0) return []
  const { rows } = await tx.execute<{ channel_key: string }>(
    sql`insert into incident_tellings (incident_id, channel_key, told_at)
        select ${incidentId}::uuid, key, ${iso(nowMs)}::timestamptz from unnest(${sql.param(channels)}::text[]) as key
        on conflict do nothing returning channel_key`,
  )
  return rows.map(({ channel_key }) => channel_key).sort()
}

async function noteTelling(
  tx: Queryable,
  incidentId: string,
  { toldMs, remindedMs, nextMs }: Telling,
  nowMs: number,
): Promise<void> {
  const lookMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, nowMs + lookAgainMs)
  const [told, reminded, next] = [toldMs, remindedMs, lookMs].map((at) => (at === null ? null : iso(at)))
  await tx.execute(
    sql`update incidents set told_at = ${told}::timestamptz, reminded_at = ${reminded}::timestamptz, tell_at = ${next}::timestamptz
        where id = ${incidentId}::uuid`,
  )
}

/** One message for each of these channels, of those that there are and that are turned on, to be sent at `due`. */
async function insertMessages(
  tx: Queryable,
  type: NotificationType,
  incident: IncidentDocument,
  channels: readonly string[],
  decidedAt: string,
  due = atOnce,
): Promise<void> {
  if (channels.length === 0) return
  await tx.execute(
    sql`insert into outbox (incident_id, channel_key, type, doc, decided_at, next_at)
        select ${incident.id}::uuid, key, ${type}, ${JSON.stringify(incident)}::jsonb, ${decidedAt}::timestamptz, ${due} from channels
        where key = any(${sql.param(channels)}::text[]) and coalesce((doc->>'enabled')::boolean, true) order by key`,
  )
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

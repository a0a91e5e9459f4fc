import {
  type Check,
  type MaintenancePlan,
  type MaintenanceWindow,
  type Silence,
  type Subject,
  silences,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { readMaintenancePlan } from '../queries/maintenance.ts'
import { activeSilences } from '../queries/silences.ts'
import type { IncidentAbout } from './incident-row.ts'

/** What keeps incidents from being told at an instant: maintenance windows and silences. */
export type Mutes = { plan: MaintenancePlan; silences: readonly Silence[]; atMs: number }

/** What an incident is told by: its rule, and the key, kind and labels of what it is about. */
export type Told = Subject & { rule: string; kind: string }

export async function readMutes(tx: Queryable, nowMs: number): Promise<Mutes> {
  return { plan: await readMaintenancePlan(tx), silences: await activeSilences(tx, nowMs), atMs: nowMs }
}

/** Until when an incident is muted, as things are now; null when it is not. */
export function mutedUntil(mutes: Mutes, incident: Told): number | null {
  const ends = [
    isOfCheck(incident) ? mutes.plan.endOf(incident, mutes.atMs) : mutes.atMs,
    ...silencesOf(mutes, incident).map(({ endsAt }) => Date.parse(endsAt)),
  ]
  const lastMs = Math.max(...ends)
  return lastMs > mutes.atMs ? lastMs : null
}

export function silencesOf(mutes: Mutes, incident: Told): Silence[] {
  return mutes.silences.filter((silence) => silences(silence, incident.rule, incident))
}

export function windowsOf(mutes: Mutes, incident: Told): MaintenanceWindow[] {
  return isOfCheck(incident) ? mutes.plan.windowsOf(incident, mutes.atMs) : []
}

/**
 * Whether maintenance keeps incidents of a check from opening: its own, or that of a check that it depends on, as far as that one is
 * down, or paused so that nobody knows.
 */
export async function isMaintained(
  tx: Queryable,
  check: IncidentAbout & Partial<Pick<Check, 'dependsOn'>>,
  plan: MaintenancePlan,
  nowMs: number,
): Promise<boolean> {
  if (!isOfCheck(check)) return false
  if (plan.modeOf(check, nowMs) !== null) return true
  const { dependsOn = [] } = check
  if (dependsOn.length === 0 || plan.isEmpty) return false
  for (const { doc, is_down } of await ancestorsOf(tx, dependsOn)) {
    const mode = plan.modeOf(doc, nowMs)
    if (mode === 'pause' || (mode === 'silence' && is_down)) return true
  }
  return false
}

/** A window is of checks: that a region is at fault, or Sonde itself, is told also when all checks are in one. */
function isOfCheck({ kind }: { kind: string }): boolean {
  return kind !== 'region' && kind !== 'sonde'
}

/** These checks and all that they depend on; each name is followed once, so that a circle comes to an end. */
async function ancestorsOf(tx: Queryable, keys: readonly string[]) {
  const { rows } = await tx.execute<{ doc: Check; is_down: boolean }>(
    sql`with recursive above(key) as (
          select unnest(${sql.param(keys)}::text[])
          union
          select p.key from above a join checks c on c.key = a.key
            cross join jsonb_array_elements_text(coalesce(c.doc->'dependsOn', '[]')) as p(key))
        select c.doc, exists (select from check_states s where s.check_id = c.id and s.verdict = 'down') as is_down
        from above join checks c using (key)`,
  )
  return rows
}

import { type AlertPolicy, type AlertRule, alertRules, type Check, isRuleOn } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

type CheckRow = {
  key: string
  kind: Check['kind']
  alerts: AlertPolicy | null
  dnssec: string | null
  sees_certificates: boolean
}

/**
 * The rules that are on for each enabled check, and have something to judge, with whether an incident of theirs is open. An incident of
 * a certificate is that of every check that it lists. All checks when `keys` is empty.
 */
export async function readRuleStates(
  db: Queryable,
  keys: readonly string[],
): Promise<Map<string, Record<string, boolean>>> {
  const { rows } = await db.execute<CheckRow>(
    sql`select key, doc->>'kind' as kind, doc->'alerts' as alerts, doc->'dns'->>'dnssec' as dnssec,
          exists (select from certificate_sightings s where s.check_id = c.id) as sees_certificates
        from checks c where doc->>'enabled' = 'true' and ${keys.length === 0 ? sql`true` : sql`key = any(${sql.param([...keys])}::text[])`}`,
  )
  const states = new Map(rows.map((row) => [row.key, Object.fromEntries(rulesOf(row).map((rule) => [rule, false]))]))
  const open = await db.execute<{ rule: string; key: string | null; checks: string[] | null }>(
    sql`select i.rule, c.key, i.memory->'checks' as checks from incidents i left join checks c on c.id = i.check_id
        where i.state = 'open' and (i.check_id is not null or i.rule in ('certExpiry', 'certChange'))`,
  )
  for (const { rule, key, checks } of open.rows) {
    for (const one of Array.isArray(checks) ? checks : [key ?? '']) {
      const state = states.get(one)
      if (state !== undefined) state[rule] = true
    }
  }
  return states
}

function rulesOf({ kind, alerts, dnssec, sees_certificates }: CheckRow): AlertRule[] {
  const judges: Record<AlertRule, boolean> = {
    down: true,
    latency: true,
    certExpiry: sees_certificates,
    certChange: sees_certificates,
    dnsChange: kind === 'dns',
    dnssecExpiry: kind === 'dns' && dnssec !== null && dnssec !== 'off',
    noData: true,
  }
  return alertRules.filter((rule) => judges[rule] && alerts !== null && isRuleOn(alerts, rule))
}

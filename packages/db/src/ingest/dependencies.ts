import { Check, durationMs, isRuleOn, type Parent } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/**
 * What is to be judged together, each after what it depends on: when all of it may open at once, as at the end of a maintenance window, the
 * parent opens first and explains the rest. In a circle somebody is first.
 */
export function parentsFirst<Value>(
  all: ReadonlyMap<number, Value>,
  checkOf: (value: Value) => Check,
): Map<number, Value> {
  const byKey = new Map([...all].map(([id, value]) => [checkOf(value).key, { id, value }]))
  const ordered = new Map<number, Value>()
  const seen = new Set<string>()
  const visit = (key: string) => {
    const one = byKey.get(key)
    if (one === undefined || seen.has(key)) return
    seen.add(key)
    for (const parent of checkOf(one.value).dependsOn ?? []) visit(parent)
    ordered.set(one.id, one.value)
  }
  for (const key of byKey.keys()) visit(key)
  return ordered
}

type ParentRow = { root: number; id: number; doc: Check; is_down: boolean }
type FailingRow = { check_id: number; failures: number; last_slot: Date }

/**
 * All that these checks depend on, however far up, by the check. One that depends on itself in a circle is not its own parent, and
 * each name is followed once, so that a circle comes to an end.
 */
export async function loadParents(tx: Queryable, ids: readonly number[]): Promise<Map<number, Parent[]>> {
  if (ids.length === 0) return new Map()
  const { rows } = await tx.execute<ParentRow>(
    sql`with recursive above(root, key) as (
          select c.id, p.key from checks c cross join jsonb_array_elements_text(c.doc->'dependsOn') as p(key)
          where c.id = any(${sql.param(ids)}::int[])
          union
          select a.root, p.key from above a join checks c on c.key = a.key
            cross join jsonb_array_elements_text(coalesce(c.doc->'dependsOn', '[]')) as p(key))
        select a.root, c.id, c.doc, exists (
          select from incidents i where i.check_id = c.id and i.state = 'open' and i.rule = 'down') as is_down
        from above a join checks c on c.key = a.key where c.id <> a.root`,
  )
  const failing = await loadFailing(
    tx,
    rows.filter(({ is_down }) => !is_down).map(({ id }) => id),
  )
  const parents = rows.map(({ root, id, doc, is_down }) => ({
    root,
    parent: { key: doc.key, isDown: is_down, failingUntilMs: failingUntil(doc, failing.get(id) ?? []) },
  }))
  const byRoot = Map.groupBy(parents, ({ root }) => root)
  return new Map([...byRoot].map(([root, own]) => [root, own.map(({ parent }) => parent)]))
}

async function loadFailing(tx: Queryable, ids: readonly number[]): Promise<Map<number, FailingRow[]>> {
  if (ids.length === 0) return new Map()
  const { rows } = await tx.execute<FailingRow>(
    sql`select check_id, failures, last_slot from check_states
        where check_id = any(${sql.param([...new Set(ids)])}::int[]) and failures > 0 and verdict <> 'down'`,
  )
  return Map.groupBy(rows, ({ check_id }) => check_id)
}

/** Until when a check that fails, and is not down yet, may prove to be: its next slots, as many as its threshold lacks. */
function failingUntil(doc: Check, failing: readonly FailingRow[]): number | null {
  const check = Check.safeParse(doc).data ?? doc
  if (failing.length === 0 || !check.enabled || !isRuleOn(check.alerts, 'down')) return null
  const { failureThreshold } = check.alerts
  const needed = typeof failureThreshold === 'number' ? failureThreshold : failureThreshold.failures
  return Math.max(
    ...failing.map(
      ({ failures, last_slot }) =>
        new Date(last_slot).getTime() +
        Math.max(0, needed - failures) * durationMs(check.interval) +
        durationMs(check.timeout) +
        writtenWithinMs,
    ),
  )
}

// From the end of a probe to its row.
const writtenWithinMs = 1000

// A message names ten of them; whoever wants all of a thousand lists the checks.
const mostChildren = 100

/** The keys of what depends on these checks, however far down, and is down. */
export async function loadChildren(tx: Queryable, ids: readonly number[]): Promise<Map<number, string[]>> {
  if (ids.length === 0) return new Map()
  const { rows } = await tx.execute<{ root: number; keys: string[] }>(
    sql`with recursive below(root, id, key) as (
          select c.id, d.id, d.key from checks c join checks d on d.doc->'dependsOn' ? c.key where c.id = any(${sql.param(ids)}::int[])
          union
          select b.root, d.id, d.key from below b join checks d on d.doc->'dependsOn' ? b.key)
        select root, (array_agg(key order by key))[1:${sql.raw(String(mostChildren))}] as keys from below b
        where b.id <> b.root and exists (select from check_states s where s.check_id = b.id and s.verdict = 'down')
        group by root`,
  )
  return new Map(rows.map(({ root, keys }) => [root, keys]))
}

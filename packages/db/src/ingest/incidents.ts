import { type Check, type CheckFacts, checkRuleNames, checkRules, type RegionVote } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { readMaintenancePlan } from '../queries/maintenance.ts'
import { Audience } from './audience.ts'
import { loadCheckFacts } from './check-facts.ts'
import { type OpenRow, openIncidents, writeDecision } from './decisions.ts'
import { parentsFirst } from './dependencies.ts'
import { type FailingCheck, noteFailingResults } from './evidence.ts'
import type { IncidentChange } from './tell.ts'

// Any two processes that judge the same check must agree on this number ("inc" in ASCII).
const incidentLock = 0x696e63

/** What a region said of a check after one of the results of a chunk, whether that may be news, and what it had said before all of them. */
export type RegionTurn = { before: RegionVote; after: RegionVote; endedMs: number; isNews: boolean }

/** A check to be judged, and what its regions said meanwhile, in the order in which they did; without that it is judged as it stands now. */
export type ToJudge = { check: Check; turns?: readonly RegionTurn[] }

/**
 * Judges these checks by every rule of `checkRules`, and writes what follows: incidents and their notifications, in the caller's
 * transaction. One process at a time judges a check, and sees what the one before it has committed, so that whoever comes last
 * knows of all regions. `inDoubt` are the regions that nobody is sure of, for whoever has looked at them.
 */
export async function judgeChecks(
  tx: Queryable,
  toJudge: ReadonlyMap<number, ToJudge>,
  nowMs: number,
  inDoubt?: ReadonlySet<string>,
): Promise<IncidentChange[]> {
  const ids = [...toJudge.keys()].sort((a, b) => a - b)
  if (ids.length === 0) return []
  // In the order of their numbers, as everybody takes them.
  await tx.execute(
    sql`select pg_advisory_xact_lock(${incidentLock}, id) from unnest(${sql.param(ids)}::int[]) with ordinality as u(id, place)`,
  )
  const open = Map.groupBy(await openIncidents(tx, checkRuleNames, ids), ({ checkId }) => checkId)
  const checks = new Map([...toJudge].map(([id, { check }]) => [id, check]))
  const passing = new Map(
    [...toJudge].map(([id, { turns = [] }]) => [id, turns.flatMap(({ before, after }) => [before, after])]),
  )
  const facts = await loadCheckFacts(tx, checks, nowMs, inDoubt, passing)
  const endsMs = [...toJudge.values()].flatMap(({ turns = [] }) => turns.map(({ endedMs }) => endedMs))
  const audience = new Audience(tx, Math.min(nowMs, ...endsMs), nowMs)
  const changes: IncidentChange[] = []
  const failing: FailingCheck[] = []
  const opened = new Set<string>()
  for (const [id, { check, turns = [] }] of parentsFirst(toJudge, (one) => one.check)) {
    const loaded = facts.get(id)
    if (loaded === undefined) continue
    const parents = loaded.parents.map((parent) => (opened.has(parent.key) ? { ...parent, isDown: true } : parent))
    const own = { ...loaded, parents }
    let openNow = open.get(id) ?? []
    // Step by step, each as of its own end: what comes late, or all at once, is judged as if it had come one by one in time.
    const steps = turns.length === 0 ? [{ votes: own.votes, endedMs: nowMs }] : stepsOf(own.votes, turns)
    for (const [index, { votes, endedMs }] of steps.entries()) {
      const atMs = Math.min(nowMs, endedMs)
      const { wrote, told, down } = await judgeOne(tx, { id, check, open: openNow }, { ...own, votes }, atMs, audience)
      changes.push(...told)
      if (told.some(({ type, incident }) => type === 'incident.opened' && incident.rule === 'down'))
        opened.add(check.key)
      failing.push(...down.map((incidentId) => ({ incidentId, checkId: id, intervalMs: own.check.intervalMs })))
      if (wrote && index < steps.length - 1) openNow = await openIncidents(tx, checkRuleNames, [id])
    }
  }
  await noteFailingResults(tx, failing)
  return changes
}

/** Of these checks, those of which something is to be done. Takes no lock and writes nothing: `judgeChecks` decides. */
export async function wantJudging(
  db: Queryable,
  checks: ReadonlyMap<number, Check>,
  nowMs: number,
  inDoubt: ReadonlySet<string>,
): Promise<Map<number, Check>> {
  const open = Map.groupBy(await openIncidents(db, checkRuleNames, [...checks.keys()]), ({ checkId }) => checkId)
  const facts = await loadCheckFacts(db, checks, nowMs, inDoubt)
  const plan = await readMaintenancePlan(db)
  return new Map(
    [...checks].filter(([id, check]) => {
      const own = facts.get(id)
      if (own === undefined) return false
      const openOf = (name: string) => open.get(id)?.find(({ rule }) => rule === name) ?? null
      const actions = checkRuleNames.map((name) => checkRules[name](own, openOf(name), nowMs).action)
      // What fails in maintenance, and opens nothing, would else be judged for as long as it lasts.
      const mayOpen = actions.includes('open') && plan.modeOf(check, nowMs) === null
      return mayOpen || actions.some((action) => action !== 'nothing' && action !== 'open')
    }),
  )
}

/** The votes after each turn that may be news, as of its end: of regions without results in the chunk those of now. */
function stepsOf(votes: readonly RegionVote[], turns: readonly RegionTurn[]) {
  return turns.flatMap(({ endedMs, isNews }, index) => {
    if (!isNews) return []
    const happened = turns.slice(0, index + 1)
    const asOf = votes.map(
      (vote) =>
        happened.findLast(({ after }) => after.region === vote.region)?.after ??
        turns.find(({ before }) => before.region === vote.region)?.before ??
        vote,
    )
    return [{ votes: asOf, endedMs }]
  })
}

async function judgeOne(
  tx: Queryable,
  { id, check, open }: { id: number; check: Check; open: readonly OpenRow[] },
  facts: CheckFacts,
  nowMs: number,
  audience: Audience,
): Promise<{ wrote: boolean; told: IncidentChange[]; down: string[] }> {
  const told: IncidentChange[] = []
  const down: string[] = []
  let wrote = false
  for (const rule of checkRuleNames) {
    const own = open.find((one) => one.rule === rule) ?? null
    const decision = checkRules[rule](facts, own, nowMs)
    const written = await writeDecision(tx, { rule, checkId: id, about: check, open: own }, decision, nowMs, audience)
    if (written === undefined) continue
    wrote = true
    if (written.change !== undefined) told.push(written.change)
    if (rule === 'down' && decision.action !== 'resolve') down.push(written.id)
  }
  return { wrote, told, down }
}

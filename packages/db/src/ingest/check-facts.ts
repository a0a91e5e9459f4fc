import {
  type AcceptedAnswers,
  type Check,
  type CheckFacts,
  flapWindowMs,
  freshVerdict,
  heardUntilMs,
  type RegionVote,
  type Result,
  type RuledCheck,
  type RuleMemory,
  ruledCheck,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { watchedFrom } from '../queries/judging.ts'
import { aliveMs } from '../queries/regions.ts'
import { loadChildren, loadParents } from './dependencies.ts'
import { regionsInDoubt } from './region-facts.ts'

/**
 * What the rules look at, of each of these checks. Few queries for all of them, and those that only some checks need only for
 * those. `inDoubt` are the regions that somebody has just looked at and is not sure of; without it those are in doubt that many
 * checks began to fail in, until somebody looks. `passing` is what regions said meanwhile, where that is judged too.
 */
export async function loadCheckFacts(
  tx: Queryable,
  checks: ReadonlyMap<number, Check>,
  nowMs: number,
  inDoubt?: ReadonlySet<string>,
  passing: ReadonlyMap<number, readonly RegionVote[]> = new Map(),
): Promise<Map<number, CheckFacts>> {
  const ruled = new Map([...checks].map(([id, check]) => [id, ruledCheck(check)]))
  const votes = await loadVotes(tx, checks)
  const said = new Map([...votes].map(([id, own]) => [id, [...own, ...(passing.get(id) ?? [])]]))
  const failing = [...checks.keys()].filter((id) => said.get(id)?.some(({ verdict }) => verdict === 'down'))
  const unwell = [...said.values()].flat().filter(({ verdict, missed }) => verdict === 'down' || missed > 0)
  const { suspects, silentRegions } = await loadRegionIncidents(tx)
  const doubtful = inDoubt ?? (await regionsInDoubt(tx, [...new Set(unwell.map(({ region }) => region))]))
  const openings = await loadOpenings(tx, failing, ruled, nowMs)
  const parents = await loadParents(
    tx,
    failing.filter((id) => (checks.get(id)?.dependsOn.length ?? 0) > 0),
  )
  const children = await loadChildren(tx, failing)
  const accepted = await loadAccepted(tx, said, nowMs)
  const awaited = await loadAwaited(tx, { checks, ruled, said, failing }, nowMs)
  const watched = await loadWatched(tx, said, ruled, nowMs)
  return new Map(
    [...ruled].map(([id, check]) => [
      id,
      {
        check,
        votes: votes.get(id) ?? [],
        suspects,
        silentRegions,
        inDoubt: doubtful,
        awaited: awaited.get(id) ?? new Map(),
        openings: openings.get(id) ?? [],
        parents: parents.get(id) ?? [],
        children: children.get(id) ?? [],
        accepted: accepted.get(id) ?? [],
        watchedFrom: watched.get(id) ?? new Map(),
      },
    ]),
  )
}

type StateRow = {
  check_id: number
  region: string
  verdict: RegionVote['verdict']
  last_slot: Date | null
  last_paused: Date | null
  missed: number
  error: Result['error']
  memory: RuleMemory | null
}

/** What the regions that a check runs in say of it; those that it ran in before, or that are retired, say nothing. */
async function loadVotes(tx: Queryable, checks: ReadonlyMap<number, Check>): Promise<Map<number, RegionVote[]>> {
  const { rows } = await tx.execute<StateRow>(
    sql`select s.check_id, g.name as region, s.verdict, s.last_slot, s.last_paused, s.missed, s.recent->'error' as error, s.memory
        from check_states s join regions g on g.id = s.region_id
        where s.check_id = any(${sql.param([...checks.keys()])}::int[]) and g.retired_at is null`,
  )
  const votes = rows
    .filter(({ check_id, region }) => {
      const regions = checks.get(check_id)?.regions ?? []
      return regions.includes('*') || regions.includes(region)
    })
    .map(({ check_id, region, verdict, last_slot, last_paused, missed, error, memory }) => {
      const ms = (at: Date | null) => (at === null ? null : new Date(at).getTime())
      return {
        checkId: check_id,
        vote: { region, verdict, lastSlotMs: ms(last_slot), lastPausedMs: ms(last_paused), missed, error, memory },
      }
    })
  const byCheck = Map.groupBy(votes, ({ checkId }) => checkId)
  return new Map([...byCheck].map(([id, own]) => [id, own.map(({ vote }) => vote)]))
}

/** Regions that are told as being at fault themselves, and as silent. */
async function loadRegionIncidents(tx: Queryable): Promise<Pick<CheckFacts, 'suspects' | 'silentRegions'>> {
  const { rows } = await tx.execute<{ rule: string; subject: string; checks: number | null }>(
    sql`select rule, subject, (memory->>'checks')::int as checks from incidents
        where state = 'open' and rule in ('regionSuspect', 'regionSilent')`,
  )
  return {
    suspects: new Set(rows.filter(({ rule }) => rule === 'regionSuspect').map(({ subject }) => subject)),
    silentRegions: new Map(
      rows.filter(({ rule }) => rule === 'regionSilent').map(({ subject, checks }) => [subject, checks ?? 0]),
    ),
  }
}

/** When incidents of these checks opened that are over by now, as far back as flapping looks. */
async function loadOpenings(
  tx: Queryable,
  ids: readonly number[],
  checks: ReadonlyMap<number, RuledCheck>,
  nowMs: number,
): Promise<Map<number, number[]>> {
  if (ids.length === 0) return new Map()
  const windows = ids.map((id) => checks.get(id)).flatMap((check) => (check === undefined ? [] : [flapWindowMs(check)]))
  const since = new Date(nowMs - Math.max(0, ...windows)).toISOString()
  const { rows } = await tx.execute<{ check_id: number; opened_at: Date }>(
    sql`select check_id, opened_at from incidents
        where check_id = any(${sql.param(ids)}::int[]) and opened_at > ${since}::timestamptz and rule = 'down' and state = 'resolved'`,
  )
  const byCheck = Map.groupBy(rows, ({ check_id }) => check_id)
  return new Map([...byCheck].map(([id, own]) => [id, own.map((row) => new Date(row.opened_at).getTime())]))
}

// Longer than a change of answers counts.
const acceptedMs = 7 * 86_400_000

/** What was acknowledged of the answers of these checks, of those whose answers have changed lately. */
async function loadAccepted(
  tx: Queryable,
  votes: ReadonlyMap<number, readonly RegionVote[]>,
  nowMs: number,
): Promise<Map<number, AcceptedAnswers[]>> {
  const changed = [...votes].filter(([, own]) => own.some(({ memory }) => (memory?.answers?.changed ?? null) !== null))
  if (changed.length === 0) return new Map()
  const since = new Date(nowMs - acceptedMs).toISOString()
  const { rows } = await tx.execute<{ check_id: number; to: string[] | null; acknowledged_at: Date }>(
    sql`select check_id, memory->'to' as to, acknowledged_at from incidents
        where check_id = any(${sql.param(changed.map(([id]) => id))}::int[]) and rule = 'dnsChange' and state = 'resolved'
          and opened_at > ${since}::timestamptz and acknowledged_at is not null`,
  )
  const byCheck = Map.groupBy(rows, ({ check_id }) => check_id)
  return new Map(
    [...byCheck].map(([id, own]) => [
      id,
      own.map(({ to, acknowledged_at }) => ({ to: to ?? [], atMs: new Date(acknowledged_at).getTime() })),
    ]),
  )
}

type Asked = {
  checks: ReadonlyMap<number, Check>
  ruled: ReadonlyMap<number, RuledCheck>
  said: ReadonlyMap<number, readonly RegionVote[]>
  failing: readonly number[]
}

/**
 * Of these failing checks the regions without a fresh result in which some worker lives, and until when each is waited for: as long as it has
 * not had two intervals since it was to bring some. Where any region is enough, or a number of them, nobody is waited for.
 */
async function loadAwaited(
  tx: Queryable,
  { checks, ruled, said, failing }: Asked,
  nowMs: number,
): Promise<Map<number, Map<string, number>>> {
  const asked = failing.filter((id) => ['majority', 'all'].includes(String(checks.get(id)?.alerts.regions)))
  if (asked.length === 0) return new Map()
  const names = await livingRegions(tx)
  const unheard = asked.flatMap((id) => {
    const [regions, check, own] = [checks.get(id)?.regions ?? [], ruled.get(id), said.get(id) ?? []]
    if (check === undefined) return []
    const isFresh = (name: string) => {
      const votes = own.filter(({ region }) => region === name)
      return votes.length > 0 && votes.every((vote) => freshVerdict(vote, check, nowMs) !== 'unknown')
    }
    return names
      .filter((name) => (regions.includes('*') || regions.includes(name)) && !isFresh(name))
      .map((region) => ({ id, region }))
  })
  const ids = [...new Set(unheard.map(({ id }) => id))]
  const from = await watchedFrom(tx, ids, [...new Set(unheard.map(({ region }) => region))], nowMs)
  const untilMs = ({ checkId, region, fromMs }: (typeof from)[number]) => {
    const paused = said.get(checkId)?.find((vote) => vote.region === region)?.lastPausedMs ?? 0
    const check = ruled.get(checkId)
    return check === undefined ? 0 : heardUntilMs(Math.max(fromMs, paused), check)
  }
  const byCheck = Map.groupBy(from, ({ checkId }) => checkId)
  return new Map(
    ids.map((id) => {
      const own = new Set(unheard.flatMap((one) => (one.id === id ? [one.region] : [])))
      const ofCheck = (byCheck.get(id) ?? []).filter(({ region }) => own.has(region))
      return [id, new Map(ofCheck.map((one) => [one.region, untilMs(one)]))]
    }),
  )
}

async function livingRegions(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.execute<{ name: string }>(
    sql`select name from regions g where retired_at is null and exists (
          select from workers w where w.region_id = g.id and w.seen_at > now() - ${aliveMs} * interval '1 millisecond')`,
  )
  return rows.map(({ name }) => name)
}

/** From when on regions were to bring results, of the checks of which some region has brought none of late. */
async function loadWatched(
  tx: Queryable,
  votes: ReadonlyMap<number, readonly RegionVote[]>,
  checks: ReadonlyMap<number, RuledCheck>,
  nowMs: number,
): Promise<Map<number, Map<string, number>>> {
  const quiet = [...votes].flatMap(([id, own]) => {
    const intervalMs = checks.get(id)?.intervalMs ?? 0
    const isQuiet = ({ missed, lastSlotMs }: RegionVote) =>
      missed > 0 || (lastSlotMs !== null && nowMs - lastSlotMs > 2 * intervalMs)
    return own.filter(isQuiet).map(({ region }) => ({ id, region }))
  })
  const ids = [...new Set(quiet.map(({ id }) => id))]
  const regions = [...new Set(quiet.map(({ region }) => region))]
  const watched = Map.groupBy(await watchedFrom(tx, ids, regions, nowMs), ({ checkId }) => checkId)
  return new Map([...watched].map(([id, own]) => [id, new Map(own.map(({ region, fromMs }) => [region, fromMs]))]))
}

import { type Result, type StateValues, withDetail } from '@sonde/core'
import { eq, getTableColumns } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { checkStates, regions } from '../schema.ts'

/** How a check stands in a region. */
export type ShownState = Pick<
  StateValues,
  'verdict' | 'failures' | 'successes' | 'totals' | 'durationCount' | 'durationSumSeconds' | 'durationBuckets'
> & { lastSlot: Date | null; since: Date | null; lastResult: Result | null }

export type StateRow = { region: string; state: ShownState }

const {
  verdict,
  failures,
  successes,
  totals,
  durationCount,
  durationSumSeconds,
  durationBuckets,
  lastSlot,
  since,
  recent,
  detailDoc,
} = getTableColumns(checkStates)
const columns = {
  verdict,
  failures,
  successes,
  totals,
  durationCount,
  durationSumSeconds,
  durationBuckets,
  lastSlot,
  since,
  recent,
  detailDoc,
}

/** The states of one check, in the order of its regions. */
export async function listStatesOf(db: Queryable, checkId: number): Promise<StateRow[]> {
  const rows = await db
    .select({ region: regions.name, state: columns })
    .from(checkStates)
    .innerJoin(regions, eq(regions.id, checkStates.regionId))
    .where(eq(checkStates.checkId, checkId))
    .orderBy(regions.name)
  return rows.map(({ region, state }) => ({ region, state: shown(state) }))
}

function shown({
  recent,
  detailDoc,
  ...state
}: Omit<ShownState, 'lastResult'> & { recent: Result | null; detailDoc: Result | null }): ShownState {
  return { ...state, lastResult: recent === null ? null : withDetail(recent, detailDoc) }
}

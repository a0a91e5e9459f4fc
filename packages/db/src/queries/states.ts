import type { Check, Result } from '@sonde/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { checkStates, checks, regions } from '../schema.ts'

/** Every check with its state in every region that has one: what /metrics and status pages are made from. */
export function listStates(db: Queryable) {
  return db
    .select({ check: checks.doc, region: regions.name, state: checkStates })
    .from(checkStates)
    .innerJoin(checks, eq(checks.id, checkStates.checkId))
    .innerJoin(regions, eq(regions.id, checkStates.regionId))
    .orderBy(checks.key, regions.name)
}

/** The states of one check, in the order of its regions. */
export function listStatesOf(db: Queryable, checkId: number) {
  return db
    .select({ region: regions.name, state: checkStates })
    .from(checkStates)
    .innerJoin(regions, eq(regions.id, checkStates.regionId))
    .where(eq(checkStates.checkId, checkId))
    .orderBy(regions.name)
}

export type StateRow = {
  check: Check
  region: string
  state: typeof checkStates.$inferSelect & { lastResult: Result | null }
}

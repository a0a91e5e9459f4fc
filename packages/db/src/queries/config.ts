import { type ConfigFile, type ConfigObject, keyOf, type PlanStep, type SectionName, sectionNames } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { type Applied, type ApplyOptions, type Planned, planConfig, readManaged, storeOf } from './config-plan.ts'

export { type Applied, type ApplyOptions, readManaged, type Sealers } from './config-plan.ts'

/**
 * Makes the server match the file, all sections in one transaction, or only says what that would take.
 *
 * 1. Plan, while others read and write as they like.
 * 2. Nobody else applies or writes checks, channels and windows from here on. What was changed meanwhile has it planned anew, unless the
 *    file has nothing to do with it: so others wait for what is written, and not for what is thought.
 * 3. Regions, then the others in the order of the sections; what goes, in the opposite one.
 */
export async function applyConfig(db: Database, config: ConfigFile, options: ApplyOptions): Promise<Applied> {
  const first = await planConfig(config, await readManaged(db), options)
  if (options.dryRun) return answerOf(first)
  return db.transaction(async (tx) => {
    // Two that apply at once would each plan against what the other is about to change.
    await tx.execute(sql`lock table checks, channels, maintenance in share row exclusive mode`)
    const planned = (await holds(tx, first)) ? first : await planConfig(config, await readManaged(tx), options)
    await carryOut(tx, planned.plan, planned.sealed)
    return answerOf(planned)
  })
}

function answerOf({ plan, hash, warnings }: Planned): Applied {
  return { plan, hash, warnings }
}

/** Whether a plan is still that of the server as it is: nothing changed, or only checks that it says nothing of. */
async function holds(tx: Queryable, { current, sealed }: Planned): Promise<boolean> {
  for (const section of sectionNames) {
    const before = new Map(current[section].map((one) => [keyOf(one.document), one]))
    const versions = await storeOf(section).versions(tx)
    const changed = [...versions].filter(([key, version]) => before.get(key)?.version !== version).map(([key]) => key)
    // What is gone may be named by what stays.
    if ([...before.keys()].some((key) => !versions.has(key))) return false
    if (changed.length === 0) continue
    if (section !== 'checks') return false
    const wanted = new Set(sealed.checks.map(keyOf))
    const after = await storeOf('checks').all(tx, changed)
    const isApart = (one: (typeof after)[number]) =>
      one.managedBy !== sealed.manager && 'dependsOn' in one.document && one.document.dependsOn.length === 0
    const seen = changed.flatMap((key) => before.get(key) ?? [])
    if (changed.some((key) => wanted.has(key)) || ![...seen, ...after].every(isApart)) return false
  }
  return true
}

async function carryOut(tx: Queryable, steps: readonly PlanStep[], config: ConfigFile): Promise<void> {
  // Whoever else writes regions is not kept out, and may wait for the end of the audit log at its commit: so they come first.
  await writeSection(tx, 'regions', steps, config)
  await removeGone(tx, 'regions', steps)
  // Entries are then written with each statement: those of 10,000 checks at once would take longer than a commit may.
  await tx.execute(sql`set constraints all immediate`)
  const others = sectionNames.filter((section) => section !== 'regions')
  for (const section of others) await writeSection(tx, section, steps, config)
  for (const section of others.toReversed()) await removeGone(tx, section, steps)
}

async function writeSection(
  tx: Queryable,
  section: SectionName,
  steps: readonly PlanStep[],
  config: ConfigFile,
): Promise<void> {
  const written = new Set(keysOf(section, steps, ({ action }) => action === 'create' || action === 'change'))
  const adopted = keysOf(section, steps, ({ adopts, action }) => adopts && action === 'unchanged')
  const store = storeOf(section)
  const objects: readonly ConfigObject[] = config[section]
  await store.write(
    tx,
    objects.filter((object) => written.has(keyOf(object))),
    config.manager,
  )
  await store.adopt(tx, adopted, config.manager)
}

async function removeGone(tx: Queryable, section: SectionName, steps: readonly PlanStep[]): Promise<void> {
  await storeOf(section).remove(
    tx,
    keysOf(section, steps, ({ action }) => action === 'delete'),
  )
}

function keysOf(section: SectionName, steps: readonly PlanStep[], holds: (step: PlanStep) => boolean): string[] {
  return steps.filter((step) => step.section === section && holds(step)).map(({ key }) => key)
}

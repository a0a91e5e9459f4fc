import { setImmediate as othersFirst } from 'node:timers/promises'
import {
  beyondReach,
  type ConfigFile,
  type ConfigObject,
  type ConfigObjects,
  checkReferences,
  DomainError,
  type Issue,
  invalid,
  keyOf,
  type LabelSelector,
  type Managed,
  type PlanStep,
  type Problem,
  pathText,
  planHash,
  planSection,
  reaches,
  type SectionName,
  sectionNames,
  toProblem,
} from '@sonde/core'
import type { Queryable } from '../database.ts'
import { configStores, type Kept, type SectionStore } from './config-stores.ts'

/** Seals what is secret in an object; a secret that is the same in `current` keeps the sealed form that it has there. */
export type Sealers = {
  [Section in SectionName]?: (
    object: ConfigObjects[Section],
    current: ConfigObjects[Section] | undefined,
  ) => ConfigObjects[Section]
}

export type ApplyOptions = {
  prune: boolean
  dryRun: boolean
  takeOver?: boolean
  seal: Sealers
  /** The labels that the caller is bound to: what is beyond them is neither written nor deleted. */
  within?: LabelSelector
  /** Refuses with `conflict` when what there is to do is not what was shown under this hash. */
  expectedHash?: string | undefined
}

export type Applied = {
  plan: PlanStep[]
  /** Names this plan on the server as it is: `expectedHash` of the call that is to do it. */
  hash: string
  warnings: Problem[]
}

/** A plan, what it was made from, and what it is to write. */
export type Planned = Applied & { current: Current; sealed: ConfigFile }

/**
 * What it takes to make the server match the file:
 *
 * 1. What is beyond the caller's reach is refused.
 * 2. Seal what the file has; every secret that does not fit is told at once.
 * 3. Plan each section; refuse what another manager has, circles of `dependsOn`, and a plan that is not the one that was shown.
 *
 * Each step over 10,000 checks takes some tenths of a second of the processor: between them the process does what else there is.
 */
export async function planConfig(config: ConfigFile, current: Current, options: ApplyOptions): Promise<Planned> {
  assertWithinReach(config, current, options.within ?? {})
  await othersFirst()
  const sealed = sealAll(config, current, options.seal)
  await othersFirst()
  const { steps, issues } = planAll(sealed, current, options)
  await othersFirst()
  const deleted = new Set(
    steps.filter(({ action }) => action === 'delete').map(({ section, key }) => `${section}/${key}`),
  )
  const left = (section: SectionName) =>
    current[section].map(({ document }) => document).filter((one) => !deleted.has(`${section}/${keyOf(one)}`))
  const references = checkReferences(sealed, {
    regions: left('regions').map(keyOf),
    channels: left('channels').map(keyOf),
    checks: left('checks') as ConfigObjects['checks'][],
  })
  const problems = [...issues, ...references.issues].map((issue) => toProblem(issue))
  if (problems.length > 0) throw invalid(problems)
  await othersFirst()
  const hash = planHash(steps, touchedBy(steps, current))
  if (options.expectedHash !== undefined && options.expectedHash !== hash)
    throw new DomainError('conflict', 'the server has changed since this plan was made; look at a new one')
  return { plan: steps, hash, warnings: references.warnings.map((issue) => toProblem(issue)), current, sealed }
}

/** Everything that a file may say, as the server has it: secrets sealed, by section in the order of the keys. */
export async function readManaged(db: Queryable): Promise<Current> {
  const entries: [SectionName, Kept<ConfigObject>[]][] = []
  for (const section of sectionNames) entries.push([section, await storeOf(section).all(db)])
  return Object.fromEntries(entries) as Current
}

export type Current = Record<SectionName, Kept<ConfigObject>[]>

export function storeOf(section: SectionName): SectionStore<ConfigObject> {
  return configStores[section]
}

function sealAll(config: ConfigFile, current: Current, seal: Sealers): ConfigFile {
  const problems: Problem[] = []
  const sealed = sectionNames.map((section) => {
    const sealOne = seal[section] as ((object: ConfigObject, current?: ConfigObject) => ConfigObject) | undefined
    const byKey = new Map(current[section].map(({ document }) => [keyOf(document), document]))
    const objects = config[section].map((object, index) => {
      try {
        return sealOne?.(object, byKey.get(keyOf(object))) ?? object
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        const under = pathText([section, index])
        problems.push(...error.problems.map(({ path, message }) => ({ path: `${under}.${path}`, message })))
        return object
      }
    })
    return [section, objects] as const
  })
  if (problems.length > 0) throw invalid(problems)
  return { ...config, ...Object.fromEntries(sealed) }
}

function assertWithinReach(config: ConfigFile, current: Current, selector: LabelSelector): void {
  const issues = sectionNames.flatMap((section) =>
    beyondReach(
      section,
      config[section],
      current[section].map(({ document }) => document),
      selector,
    ),
  )
  if (issues.length === 0) return
  const { message, problems } = invalid(issues.map((issue) => toProblem(issue)))
  throw new DomainError('forbidden', message, problems)
}

function planAll(config: ConfigFile, current: Current, { prune, takeOver = false, within = {} }: ApplyOptions) {
  const mayDelete = (object: ConfigObject) => reaches(within, object)
  const plans = sectionNames.map((section) =>
    planSection(section, current[section], config[section], { prune, takeOver, mayDelete, manager: config.manager }),
  )
  return {
    steps: plans.flatMap(({ steps }) => steps),
    issues: plans.flatMap(({ issues }): Issue[] => issues),
  }
}

/** What the server has of all that the plan would change. */
function touchedBy(steps: readonly PlanStep[], current: Current): unknown[] {
  const byKey = new Map(
    sectionNames.flatMap((section) =>
      current[section].map(({ document, managedBy }) => [
        `${section}/${keyOf(document)}`,
        { document, managedBy } satisfies Managed<ConfigObject>,
      ]),
    ),
  )
  return steps
    .filter(({ action }) => action !== 'unchanged')
    .map(({ section, key }) => byKey.get(`${section}/${key}`) ?? null)
}

import { createHash } from 'node:crypto'
import { canonical, isMapping, isSame } from '../mapping.ts'
import { shortDocument } from './export.ts'
import type { Issue } from './issues.ts'
import { type LeafChange, leafChanges } from './leaf-changes.ts'
import { type ConfigObject, configSections, keyOf, type SectionName } from './sections.ts'

export type PlanStep = {
  section: SectionName
  key: string
  action: 'create' | 'change' | 'delete' | 'unchanged'
  /** The fields at the top of the document that differ. */
  fields: string[]
  /** Every field that differs; of what is made or deleted, those that are not at their default. */
  changes: LeafChange[]
  /** It is there and no file has it yet: from now on this one does. */
  adopts: boolean
}

/** An object as the server has it, and whose file it came from: null when it was made by hand. */
export type Managed<Document> = { document: Document; managedBy: string | null }

export type PlanOptions = {
  /** Deletes what `manager` manages and the file no longer has. */
  prune: boolean
  manager: string
  /** Whether what another file manages may be taken from it. */
  takeOver: boolean
  /** Nothing else is deleted. */
  mayDelete?: (object: ConfigObject) => boolean
}

/**
 * What it takes to make one section of the server match the file. What another manager has is not touched: it is an issue to change
 * it, unless it is to be taken over.
 */
export function planSection(
  section: SectionName,
  current: readonly Managed<ConfigObject>[],
  wanted: readonly ConfigObject[],
  { prune, manager, takeOver, mayDelete = () => true }: PlanOptions,
): { steps: PlanStep[]; issues: Issue[] } {
  const { keyField, noun } = configSections[section]
  const byKey = new Map(current.map((one) => [keyOf(one.document), one]))
  const issues: Issue[] = []
  const leaves = (document: ConfigObject) => shortDocument(section, document)
  const steps = wanted.map((document, index): PlanStep => {
    const key = keyOf(document)
    const existing = byKey.get(key)
    const step = { section, key, fields: [], adopts: false }
    if (existing === undefined) return { ...step, action: 'create', changes: leafChanges(undefined, leaves(document)) }
    const fields = differingFields(existing.document, document)
    const changes = leafChanges(existing.document, document)
    const { managedBy } = existing
    if (managedBy !== null && managedBy !== manager) {
      if (takeOver)
        return {
          ...step,
          action: 'change',
          fields: [...fields, 'managedBy'],
          changes: [...changes, { path: 'managedBy', from: managedBy, to: manager }],
        }
      // A file that only says again what is there changes nothing, and takes nothing from anybody.
      if (fields.length === 0) return { ...step, action: 'unchanged', changes: [] }
      issues.push({
        at: [section, index, keyField],
        message: `the ${noun} "${key}" is managed by "${managedBy}", and this file is of "${manager}"; choose another ${keyField}, or take it over (--take-over)`,
      })
    }
    const action = fields.length === 0 ? 'unchanged' : 'change'
    return { ...step, action, fields, changes, adopts: managedBy === null }
  })
  const kept = new Set(wanted.map(keyOf))
  const gone = prune
    ? current.filter(
        ({ document, managedBy }) => managedBy === manager && !kept.has(keyOf(document)) && mayDelete(document),
      )
    : []
  const deleted = gone.map(
    ({ document }): PlanStep => ({
      section,
      key: keyOf(document),
      action: 'delete',
      fields: [],
      changes: leafChanges(leaves(document), undefined),
      adopts: false,
    }),
  )
  return { steps: [...steps, ...deleted], issues }
}

/**
 * A name for a plan and the state of the server that it was made for: the same plan on other documents has another. Secrets count
 * by the sealed form that the server has.
 */
export function planHash(steps: readonly PlanStep[], touched: readonly unknown[]): string {
  return createHash('sha256')
    .update(canonical([steps, touched]))
    .digest('hex')
    .slice(0, 32)
}

function differingFields(a: unknown, b: unknown): string[] {
  const [left, right] = [isMapping(a) ? a : {}, isMapping(b) ? b : {}]
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...names].filter((name) => !isSame(left[name], right[name])).sort()
}

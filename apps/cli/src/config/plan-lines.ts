import { configSections, type LeafChange, type PlanStep, sectionNames } from '@sonde/core'
import { printable } from '../io.ts'

const signs = { create: '+', change: '~', delete: '-', unchanged: ' ' } as const
const colours = { create: '\u001b[32m', change: '\u001b[33m', delete: '\u001b[31m', unchanged: '\u001b[2m' } as const
const plain = '\u001b[0m'

// More than one wants to read; the count says how many there are.
const unchangedShown = 50

/** A plan as people read it: a line an object, below it a line a field that differs, and the counts at the end. */
export function planLines(plan: readonly PlanStep[], options: { colour: boolean }): string[] {
  const paint = (action: PlanStep['action'], text: string) =>
    options.colour ? `${colours[action]}${text}${plain}` : text
  const unchanged = plan.filter(({ action }) => action === 'unchanged').length
  const shown = unchanged > unchangedShown ? plan.filter(isToDo) : plan
  return [
    ...shown.flatMap((step) => [
      paint(step.action, headline(step)),
      ...fieldsShown(step).map((change) => changeLine(change, paint)),
    ]),
    countsOf(plan),
  ]
}

/** Whether a step changes what the server does; that somebody manages an object from now on does not. */
export function isToDo({ action }: PlanStep): boolean {
  return action !== 'unchanged'
}

/** The key stands in the headline; what goes is known by it as well. */
function fieldsShown({ section, action, changes }: PlanStep): LeafChange[] {
  return action === 'delete' ? [] : changes.filter(({ path }) => path !== configSections[section].keyField)
}

function headline({ section, key, action, adopts }: PlanStep): string {
  const adopted = adopts ? '  (of no file so far, managed from now on)' : ''
  return `${signs[action]} ${action} ${configSections[section].noun} ${key}${adopted}`
}

function changeLine(change: LeafChange, paint: (action: PlanStep['action'], text: string) => string): string {
  const [comes, goes] = [!('from' in change), !('to' in change)]
  const path = printable(change.path)
  if (comes) return paint('create', `    + ${path}: ${valueText(change.to)}`)
  if (goes) return paint('delete', `    - ${path}: ${valueText(change.from)}`)
  if (change.secret === true) return paint('change', `    ~ ${path}: (secret) changed`)
  return paint('change', `    ~ ${path}: ${valueText(change.from)} → ${valueText(change.to)}`)
}

const longest = 120

/** A value on one line: as YAML has it when it is plain, else as JSON. */
function valueText(value: unknown): string {
  const text =
    typeof value === 'string' && /^[\w@%+./:(-][\w@%+./:() -]*$/.test(value)
      ? value
      : (JSON.stringify(value) ?? 'nothing')
  return printable(text.length <= longest ? text : `${text.slice(0, longest - 1)}…`)
}

function countsOf(plan: readonly PlanStep[]): string {
  const count = (wanted: PlanStep['action']) => plan.filter(({ action }) => action === wanted).length
  return `Plan: ${count('create')} to create, ${count('change')} to change, ${count('delete')} to delete, ${count('unchanged')} unchanged.`
}

const done = { create: 'created', change: 'changed', delete: 'deleted' } as const

/** What was done, on one line: `created check a, b; changed channel ops`; undefined when that is nothing. */
export function doneLine(plan: readonly PlanStep[]): string | undefined {
  const parts = (['create', 'change', 'delete'] as const).flatMap((wanted) =>
    sectionNames.flatMap((section) => {
      const keys = plan.filter((step) => step.action === wanted && step.section === section).map(({ key }) => key)
      if (keys.length === 0) return []
      const { noun } = configSections[section]
      return [`${done[wanted]} ${keys.length > 8 ? `${keys.length} ${noun}s` : `${noun} ${keys.join(', ')}`}`]
    }),
  )
  return parts.length === 0 ? undefined : parts.join('; ')
}

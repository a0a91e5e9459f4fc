import { z } from 'zod'
import { meant } from './nearest.ts'

/** A value as a message shows it: short, and on one line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? typeof value
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}

// Whatever schema refuses a value, its message says what is taken and what was found; a schema's own words go before these.
// zod keeps this for the whole process, so it holds for every package as soon as core is loaded.
z.config({
  customError: (issue) => {
    const found = `found ${shown(issue.input)}`
    switch (issue.code) {
      case 'invalid_type':
        return issue.input === undefined ? 'is required' : `expected ${issue.expected}, ${found}${inQuotes(issue)}`
      case 'invalid_value':
        return `expected ${issue.values.map(shown).join(' or ')}, ${found}${meantChoice(issue.values, issue.input)}`
      case 'too_small':
        return `expected at least ${issue.minimum}${unitOf(issue.origin)}, ${found}`
      case 'too_big':
        return `expected at most ${issue.maximum}${unitOf(issue.origin)}, ${found}`
      case 'invalid_union':
        return `expected ${choicesOf(issue)}, found ${shown(discriminated(issue))}${meantChoice(optionsOf(issue), discriminated(issue))}`
      case 'unrecognized_keys':
        return issue.inst instanceof z.ZodObject ? `${onlyThese}${Object.keys(issue.inst.shape).join(', ')}` : undefined
      default:
        return undefined
    }
  },
})

const onlyThese = 'expected only '

/** The fields that there are, of a message that refuses others. */
export function fieldsIn(message: string): string[] {
  return message.startsWith(onlyThese) ? message.slice(onlyThese.length).split(', ') : []
}

/** YAML takes `tier: 1` and `on: true` for what they look like. */
function inQuotes({ expected, input }: { expected: string; input?: unknown }): string {
  const isPlain = typeof input === 'number' || typeof input === 'boolean'
  return expected === 'string' && isPlain ? `; in quotes it is one: "${String(input)}"` : ''
}

function meantChoice(choices: readonly unknown[], found: unknown): string {
  const names = choices.filter((one) => typeof one === 'string')
  return typeof found === 'string' ? meant(found, names) : ''
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' ? ' entries' : ''
}

function choicesOf(issue: { discriminator?: unknown; options?: unknown }): string {
  const options = optionsOf(issue)
  return options.length > 0 ? options.map(shown).join(' or ') : 'another value'
}

function optionsOf({ options }: { discriminator?: unknown; options?: unknown }): unknown[] {
  return Array.isArray(options) ? options : []
}

function discriminated(issue: { discriminator?: unknown; input?: unknown }): unknown {
  const { discriminator, input } = issue
  if (typeof discriminator !== 'string' || typeof input !== 'object' || input === null) return input
  return (input as Record<string, unknown>)[discriminator]
}

export { z }

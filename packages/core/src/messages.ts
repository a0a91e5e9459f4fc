import { z } from 'zod'

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
        return issue.input === undefined ? 'is required' : `expected ${issue.expected}, ${found}`
      case 'invalid_value':
        return `expected ${issue.values.map(shown).join(' or ')}, ${found}`
      case 'too_small':
        return `expected at least ${issue.minimum}${unitOf(issue.origin)}, ${found}`
      case 'too_big':
        return `expected at most ${issue.maximum}${unitOf(issue.origin)}, ${found}`
      case 'invalid_union':
        return `expected ${choicesOf(issue)}, found ${shown(discriminated(issue))}`
      default:
        return undefined
    }
  },
})

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' ? ' entries' : ''
}

function choicesOf(issue: { discriminator?: unknown; options?: unknown }): string {
  return Array.isArray(issue.options) ? issue.options.map(shown).join(' or ') : 'another value'
}

function discriminated(issue: { discriminator?: unknown; input?: unknown }): unknown {
  const { discriminator, input } = issue
  if (typeof discriminator !== 'string' || typeof input !== 'object' || input === null) return input
  return (input as Record<string, unknown>)[discriminator]
}

export { z }

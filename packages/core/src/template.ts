import Mustache from 'mustache'

const maxTemplate = 8192
const maxDepth = 3
const maxRendered = 32 * 1024

/** What a template may show; sections go over lists and over what is true. */
export type TemplateView = { [name: string]: string | boolean | null | string[] | Record<string, string> }

/**
 * What is wrong with a logic-free template (mustache(5)), or undefined. Values are always escaped for the channel: `{{{x}}}` and
 * `{{&x}}` are refused, as are partials, other delimiters, and sections deeper than three, which would multiply.
 */
export function templateProblem(template: string): string | undefined {
  if (template.length > maxTemplate) return `expected at most ${maxTemplate} characters, found ${template.length}`
  try {
    return problemIn(Mustache.parse(template) as Token[], 0)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The text that a template makes, each value escaped by `escape`; 32 KiB at most. */
export function renderTemplate(template: string, view: TemplateView, escape: (text: string) => string): string {
  // Without a prototype: `{{constructor}}` finds nothing.
  const bare = Object.assign(Object.create(null) as object, view)
  return Mustache.render(template, bare, {}, { escape: (value) => escape(String(value)) }).slice(0, maxRendered)
}

type Token = [type: string, name: string, from: number, to: number, inner?: Token[]]

function problemIn(tokens: readonly Token[], depth: number): string | undefined {
  for (const [type, name, , , inner] of tokens) {
    if (type === '&') return `"${name}" is not escaped: write {{${name}}}`
    if (type === '>') return `there are no partials: "${name}"`
    if (type === '=') return 'the delimiters stay {{ and }}'
    if ((type === '#' || type === '^') && depth >= maxDepth) return `sections lie at most ${maxDepth} deep: "${name}"`
    const problem = Array.isArray(inner) ? problemIn(inner, depth + 1) : undefined
    if (problem !== undefined) return problem
  }
  return undefined
}

import type { z } from 'zod'
import { fieldsIn } from './messages.ts'
import { meant } from './nearest.ts'
import { isSecretPath } from './secret-fields.ts'

/** What the caller did wrong, to be turned into a status by the API and into an exit code by the command line. */
export class DomainError extends Error {
  /** `refused`: by whoever was asked on the caller's behalf. `forbidden`: to this caller. */
  readonly code: 'invalid' | 'forbidden' | 'not_found' | 'conflict' | 'stale' | 'unavailable' | 'refused'
  readonly problems: Problem[]

  constructor(code: DomainError['code'], message: string, problems: Problem[] = []) {
    super(message)
    this.name = 'DomainError'
    this.code = code
    this.problems = problems
  }
}

// Longer than any field that Sonde has, and than the name of any header that one would mean.
const longestName = 256

export type Problem = { path: string; message: string }

/** A problem with the way to its field step by step, for whoever looks for the place in a file. */
export type Issue = { at: PropertyKey[]; message: string }

/** One line a wrong field: its path as a user would write it (`assertions[0].value`), what was found, what is taken. */
export function problemsOf(error: z.ZodError, under = ''): Problem[] {
  return issuesOf(error).map((issue) => toProblem(issue, under))
}

/** The same with paths in steps, below `under`. */
export function issuesOf(error: z.ZodError, under: PropertyKey[] = []): Issue[] {
  return error.issues.flatMap((issue) => issueOf(issue, under)).map(withoutSecrets)
}

/** An `invalid` with all its problems, and all of them in its message. */
export function invalid(problems: Problem[]): DomainError {
  const text = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  return new DomainError('invalid', text, problems)
}

export function toProblem({ at, message }: Issue, under = ''): Problem {
  return { path: pathText(at, under), message }
}

/** What was found where a secret stands is not repeated: the answer may be logged, the document may be a colleague's. */
function withoutSecrets({ at, message }: Issue): Issue {
  // A mapping or a list that stands where it should not may hold one, under whatever name.
  return { at, message: message.replace(isSecretPath(pathText(at)) ? /, found .*$/s : /, found [[{]["{[].*$/s, '') }
}

function issueOf(issue: z.core.$ZodIssue, under: PropertyKey[]): Issue[] {
  const at = [...under, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    const fields = fieldsIn(issue.message)
    return issue.keys.map((key) => ({ at: [...at, key], message: unknownField(key, fields) }))
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((one) => ({ at, message: one.message }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((best, one) => (one.length < best.length ? one : best))
    return [{ at, message: nearest.map((one) => one.message).join(', ') }]
  }
  return [{ at, message: issue.message }]
}

/** What is said of a field that is none of those that there are. */
export function unknownField(key: string, fields: readonly string[]): string {
  const hint = key.includes(':') ? '; a colon wants a space after it' : meant(key, fields)
  return `is not a field that Sonde knows${hint}`
}

/**
 * A path as a user would write it: `checks[0].http.method`. Of a name that nobody would give a field only the beginning is told: in
 * `{bearer:secret}`, which YAML takes for one name, it holds what is not to be repeated.
 */
export function pathText(path: readonly PropertyKey[], under = ''): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    const name = String(part).replace(/(?<=:).+$/s, '…')
    const shown = name.length > longestName ? `${name.slice(0, longestName)}…` : name
    return text === '' ? shown : `${text}.${shown}`
  }, under)
}

/** What an error says, and the causes below it, on one line: `probe gateway (192.0.2.1): ping: spawn ping ENOENT`. */
export function reasonsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : reasonsOf(error.cause)
  return error.message.endsWith(cause) ? error.message : `${error.message}: ${cause}`
}

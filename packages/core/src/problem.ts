import type { z } from 'zod'
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

export type Problem = { path: string; message: string }

/** One line a wrong field: its path as a user would write it (`assertions[0].value`), what was found, what is taken. */
export function problemsOf(error: z.ZodError, under = ''): Problem[] {
  return error.issues.flatMap((issue) => problemOf(issue, under)).map(withoutSecrets)
}

/** What was found where a secret stands is not repeated: the answer may be logged, the document may be a colleague's. */
function withoutSecrets({ path, message }: Problem): Problem {
  return { path, message: isSecretPath(path) ? message.replace(/, found .*$/s, '') : message }
}

function problemOf(issue: z.core.$ZodIssue, under: string): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key], under),
      message: 'is not a field that Sonde knows',
    }))
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((one) => ({ path: pathText(issue.path, under), message: one.message }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((best, one) => (one.length < best.length ? one : best))
    return [{ path: pathText(issue.path, under), message: nearest.map((one) => one.message).join(', ') }]
  }
  return [{ path: pathText(issue.path, under), message: issue.message }]
}

function pathText(path: readonly PropertyKey[], under: string): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    under,
  )
}

/** What an error says, and the causes below it, on one line: `probe gateway (192.0.2.1): ping: spawn ping ENOENT`. */
export function reasonsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : reasonsOf(error.cause)
  return error.message.endsWith(cause) ? error.message : `${error.message}: ${cause}`
}

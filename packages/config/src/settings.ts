import { z } from 'zod'

/** A setting that cannot be used: its message is one line that names the variable, what was found and what it takes. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SettingsError'
  }
}

/**
 * Reads the variables of `shape` from `env`; an empty variable counts as absent, and the first wrong one throws a SettingsError.
 * The schemas' messages never repeat a value that may hold a secret.
 */
export function loadSettings<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: NodeJS.ProcessEnv,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.keys(shape).map((name) => [name, env[name] === '' ? undefined : env[name]]))
  const parsed = z.object(shape).safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const name = String(issue?.path[0])
  const reason =
    issue?.code === 'invalid_type' && given[name] === undefined ? 'is required and not set' : issue?.message
  throw new SettingsError(`${name}: ${reason}`)
}

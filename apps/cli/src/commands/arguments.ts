import { type ParseArgsConfig, parseArgs } from 'node:util'
import { meant } from '@sonde/core'
import { printable, UsageError } from '../io.ts'

/** node:util's parseArgs, its complaints as one line and exit code 2; a flag that is not there names the nearest. */
export function readArguments<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).split('. ')[0] as string
    const [, flag] = /^Unknown option '-{1,2}([^']*)'/.exec(message) ?? []
    if (flag === undefined) throw new UsageError(plainly(message))
    const given = flag.split('=')[0] as string
    const flags = Object.keys(config.options ?? {})
    throw new UsageError(`there is no flag --${printable(given)}${meant(given, flags).replace('mean ', 'mean --')}`)
  }
}

/** What a command of several actions is to do: the one word that it was given. */
export function oneAction<Action extends string>(given: readonly string[], actions: readonly Action[]): Action {
  const [word, extra] = given
  const action = actions.find((name) => name === word)
  if (action !== undefined && extra === undefined) return action
  const found = action === undefined ? word : extra
  const text =
    found === undefined ? '' : `, found "${printable(found)}"${action === undefined ? meant(found, actions) : ''}`
  throw new UsageError(
    action === undefined ? `expected ${actions.join(', ')}${text}` : `${action}: expected flags alone${text}`,
  )
}

/** Node says what it met ("Option '-f, --file <value>' argument missing"); a person wants to hear what is expected. */
function plainly(message: string): string {
  const [, missing] =
    /^Option '(?:-\w, )?(--[^ ']+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(message) ?? []
  if (missing !== undefined) return `${missing}: expected a value, found none`
  const [, switched] = /^Option '(?:-\w, )?(--[^ ']+)' does not take an argument/.exec(message) ?? []
  if (switched !== undefined) return `${switched}: takes no value`
  const [, extra] = /^Unexpected argument '([^]*)'$/.exec(message) ?? []
  return extra === undefined ? message : `expected flags alone, found "${printable(extra)}"`
}

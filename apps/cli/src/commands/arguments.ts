import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from '../io.ts'
import { meant } from '../nearest.ts'

/** node:util's parseArgs, its complaints as one line and exit code 2; a flag that is not there names the nearest. */
export function readArguments<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).split('. ')[0] as string
    const [, flag] = /^Unknown option '-{1,2}([^']*)'/.exec(message) ?? []
    if (flag === undefined) throw new UsageError(message)
    const given = flag.split('=')[0] as string
    const flags = Object.keys(config.options ?? {})
    throw new UsageError(`there is no flag --${given}${meant(given, flags).replace('mean ', 'mean --')}`)
  }
}

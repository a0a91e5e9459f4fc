import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from '../io.ts'

/** node:util's parseArgs, its complaints as one line and exit code 2. */
export function readArguments<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageError((error instanceof Error ? error.message : String(error)).split('. ')[0] as string)
  }
}

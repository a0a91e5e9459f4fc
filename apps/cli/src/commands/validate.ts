import { configSections, sectionNames } from '@sonde/core'
import { loadConfig } from '../config/load.ts'
import { MistakesError, mistakeLine } from '../config/mistake.ts'
import { exit, type Io, UsageError } from '../io.ts'
import { serverUrl } from '../server/server.ts'
import { readArguments } from './arguments.ts'

/** `sonde validate`: whether files would be taken, without a server; every mistake with its place, and exit code 2. */
export async function validateCommand(args: string[], io: Io): Promise<number> {
  const { values } = readArguments({
    args,
    options: { file: { type: 'string', short: 'f', multiple: true }, strict: { type: 'boolean' } },
  })
  if (values.file === undefined) throw new UsageError('expected -f FILE')
  const { counts, warnings } = loadConfig(
    values.file,
    { ...io.env, SONDE_URL: serverUrl(io.env) },
    { lenient: values.strict !== true },
  )
  if (values.strict === true && warnings.length > 0) throw new MistakesError(warnings)
  for (const warning of warnings) io.stderr.write(`warning: ${mistakeLine(warning)}\n`)
  const told = sectionNames.flatMap((section) => {
    const count = counts[section]
    const { noun } = configSections[section]
    return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`]
  })
  io.stdout.write(`Valid: ${told.length === 0 ? 'nothing' : told.join(', ')}.\n`)
  return exit.ok
}

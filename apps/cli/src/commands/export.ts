import { renameSync, writeFileSync } from 'node:fs'
import { escapePlaceholders, isMapping } from '@sonde/core'
import { mergeInto } from '../config/merge.ts'
import { MistakesError } from '../config/mistake.ts'
import { readSources } from '../config/sources.ts'
import { exit, type Io, UsageError } from '../io.ts'
import { openServer, serverUrl } from '../server/server.ts'
import { readArguments } from './arguments.ts'

const options = {
  format: { type: 'string' },
  manager: { type: 'string' },
  merge: { type: 'string' },
  output: { type: 'string', short: 'o' },
} as const

/** `sonde export`: what the server has as a file that `apply` takes; with --merge, an existing file brought up to that. */
export async function exportCommand(args: string[], io: Io): Promise<number> {
  const { values } = readArguments({ args, options })
  const format = values.format ?? 'yaml'
  if (format !== 'yaml' && format !== 'json') throw new UsageError(`--format: expected yaml or json, found "${format}"`)
  if (values.merge !== undefined && values.format !== undefined)
    throw new UsageError('--merge keeps the form of its file; --format does not go with it')
  const file = values.merge === undefined ? undefined : readOne(values.merge)
  const server = openServer(io.env)
  const ask = (wanted: string, manager: string | undefined) =>
    server.ask(
      'GET',
      `/export?${new URLSearchParams({ format: wanted, ...(manager === undefined ? {} : { manager }) }).toString()}`,
    )

  let text: string
  if (file !== undefined) {
    // A file that says whose it is has nothing of others put into it.
    const named = isMapping(file.value) && typeof file.value.manager === 'string' ? file.value.manager : undefined
    const exported = await ask('json', values.manager ?? named)
    text = mergeInto(file, exported, { ...io.env, SONDE_URL: serverUrl(io.env) })
  } else if (format === 'json') {
    text = `${JSON.stringify(escapePlaceholders(await ask('json', values.manager)), null, 2)}\n`
  } else text = String(await ask('yaml', values.manager))

  if (values.output === undefined) io.stdout.write(text)
  else replaceFile(values.output, text)
  return exit.ok
}

function readOne(name: string) {
  const { sources, mistakes } = readSources([name])
  if (mistakes.length > 0) throw new MistakesError(mistakes)
  const [only, second] = sources
  if (only === undefined || second !== undefined)
    throw new UsageError(`--merge: expected a file of one document, found ${name}`)
  return only
}

/** The file is the old one or the new one, whatever happens in between. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}`
  try {
    writeFileSync(draft, text)
    renameSync(draft, path)
  } catch (error) {
    throw new UsageError(
      `--output: ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

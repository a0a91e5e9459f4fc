import { renameSync, writeFileSync } from 'node:fs'
import { escapePlaceholders, isMapping } from '@sonde/core'
import type { Source } from '../config/documents.ts'
import { loadSources } from '../config/load.ts'
import { mergeInto } from '../config/merge.ts'
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

/** `sonde export`: what the server has as a file that `apply` takes; with --merge, existing files brought up to that. */
export async function exportCommand(args: string[], io: Io): Promise<number> {
  const { values } = readArguments({ args, options })
  const format = values.format ?? 'yaml'
  if (format !== 'yaml' && format !== 'json') throw new UsageError(`--format: expected yaml or json, found "${format}"`)
  if (values.merge !== undefined && values.format !== undefined)
    throw new UsageError('--merge keeps the form of its file; --format does not go with it')
  const env = { ...io.env, SONDE_URL: serverUrl(io.env) }
  const files = values.merge === undefined ? undefined : readFiles(values.merge, values.output, env)
  const server = openServer(io.env)
  const ask = (wanted: string, manager: string | undefined) =>
    server.ask(
      'GET',
      `/export?${new URLSearchParams({ format: wanted, ...(manager === undefined ? {} : { manager }) }).toString()}`,
    )

  if (files !== undefined) {
    // Files that say whose they are have nothing of others put into them.
    const named = files
      .map(({ value }) => (isMapping(value) ? value.manager : undefined))
      .find((one) => one !== undefined)
    const texts = mergeInto(files, await ask('json', values.manager ?? (named as string | undefined)), env)
    for (const [index, { file, text }] of files.entries()) {
      const merged = texts[index] ?? text
      if (values.output === undefined) io.stdout.write(merged)
      else if (values.output !== values.merge) replaceFile(values.output, merged)
      else if (merged !== text) replaceFile(file, merged)
    }
    return exit.ok
  }
  const text =
    format === 'json'
      ? `${JSON.stringify(escapePlaceholders(await ask('json', values.manager)), null, 2)}\n`
      : String(await ask('yaml', values.manager))
  if (values.output === undefined) io.stdout.write(text)
  else replaceFile(values.output, text)
  return exit.ok
}

/** What is to be merged into: a file, or all of a folder, which is then written where it is. Each must be right as it is. */
function readFiles(name: string, output: string | undefined, env: NodeJS.ProcessEnv): readonly Source[] {
  const read = readSources([name])
  const { sources } = read
  const twice = sources.find(({ file }, index) => index > 0 && file === sources[index - 1]?.file)
  if (twice !== undefined) throw new UsageError(`--merge: expected one document in a file, ${twice.file} has several`)
  const isFolder = sources.some(({ file }) => file !== name)
  if (isFolder && output !== name) throw new UsageError(`--merge: a folder is written where it is, with -o ${name}`)
  loadSources(read, env, { lenient: true })
  return sources
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

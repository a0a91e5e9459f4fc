import type { PlanStep, Problem } from '@sonde/core'
import { type LoadedConfig, loadConfig } from '../config/load.ts'
import { stepsOf } from '../config/locate.ts'
import { MistakesError, mistakeLine } from '../config/mistake.ts'
import { isToDo, planLines } from '../config/plan-lines.ts'
import { exit, type Io, UsageError } from '../io.ts'
import { openServer, RefusedError, type Server, serverUrl } from '../server/server.ts'
import { readArguments } from './arguments.ts'

type Applied = { plan: PlanStep[]; hash: string; warnings: Problem[] }

const options = {
  file: { type: 'string', short: 'f', multiple: true },
  'dry-run': { type: 'boolean' },
  prune: { type: 'boolean' },
  manager: { type: 'string' },
  'take-over': { type: 'boolean' },
  strict: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/**
 * `sonde apply`: the plan first, then the change; with --dry-run only the plan, and exit code 2 when there is something to do. That
 * code then stands for nothing else: a wrong call or document is a failure like any other, and a pipeline can tell them apart.
 */
export async function applyCommand(args: string[], io: Io): Promise<number> {
  if (!args.includes('--dry-run')) return apply(args, io)
  try {
    return await apply(args, io)
  } catch (error) {
    throw error instanceof Error ? new Error(error.message, { cause: error }) : error
  }
}

async function apply(args: string[], io: Io): Promise<number> {
  const { values } = readArguments({ args, options })
  if (values.file === undefined) throw new UsageError('expected -f FILE')
  const loaded = loadConfig(values.file, { ...io.env, SONDE_URL: serverUrl(io.env) }, { manager: values.manager })
  const ask = (own: Record<string, string>) =>
    applyOn(openServer(io.env), loaded, {
      prune: String(values.prune === true),
      takeOver: String(values['take-over'] === true),
      ...own,
    })
  const answer = await ask({ dryRun: 'true' })
  const { plan, hash } = answer
  if (values.json === true) io.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
  else
    for (const line of planLines(plan, { colour: io.stdout.isTTY === true && io.env.NO_COLOR === undefined }))
      io.stdout.write(`${line}\n`)
  const told = answer.warnings.map(({ path, message }) => loaded.locate(stepsOf(path), message))
  const warnings = [...loaded.remarks, ...told]
  if (values.strict === true && warnings.length > 0) throw new MistakesError(warnings)
  for (const warning of warnings) io.stderr.write(`warning: ${mistakeLine(warning)}\n`)
  const toDo = plan.filter(isToDo).length
  if (values['dry-run'] === true) return toDo === 0 ? exit.ok : exit.wrong
  // What is only managed from now on is no change that anybody would see, and is written all the same.
  if (toDo > 0 || plan.some(({ adopts }) => adopts)) await ask({ dryRun: 'false', hash })
  if (values.json !== true) io.stdout.write(toDo === 0 ? 'Nothing to do.\n' : `Applied ${toDo} of ${plan.length}.\n`)
  return exit.ok
}

/** What the server has against a field is told where the field stands in the files. */
async function applyOn(server: Server, loaded: LoadedConfig, query: Record<string, string>): Promise<Applied> {
  try {
    const answer = await server.ask('POST', `/apply?${new URLSearchParams(query).toString()}`, {
      body: loaded.document,
    })
    return answer as Applied
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const placed = error.problems.filter(({ path }) => /^\w+\[\d+\]/.test(path))
    if (placed.length === 0) throw error
    throw new MistakesError(placed.map(({ path, message }) => loaded.locate(stepsOf(path), message)))
  }
}

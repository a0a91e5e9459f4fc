import { type PlanStep, type Problem, readConfigFile } from '@sonde/core'
import { isToDo, planLines } from '../config/plan-lines.ts'
import { readDocument, withEnvironment } from '../document.ts'
import { exit, type Io, UsageError } from '../io.ts'
import { openServer, serverUrl } from '../server/server.ts'
import { readArguments } from './arguments.ts'

type Applied = { plan: PlanStep[]; hash: string; warnings: Problem[] }

/** `sonde apply`: the plan first, then the change; with --dry-run only the plan, and exit code 2 when there is something to do. */
export async function applyCommand(args: string[], io: Io): Promise<number> {
  const { values } = readArguments({
    args,
    options: {
      file: { type: 'string', short: 'f' },
      'dry-run': { type: 'boolean' },
      prune: { type: 'boolean' },
      manager: { type: 'string' },
      'take-over': { type: 'boolean' },
    },
  })
  if (values.file === undefined) throw new UsageError('expected -f FILE')
  const document = withEnvironment(readDocument(values.file), { ...io.env, SONDE_URL: serverUrl(io.env) })
  // Read here too: mistakes are told without a server, with the paths of the file.
  readConfigFile(document)

  const server = openServer(io.env)
  const apply = (own: Record<string, string>) => {
    const query = new URLSearchParams({
      prune: String(values.prune === true),
      takeOver: String(values['take-over'] === true),
      ...(values.manager === undefined ? {} : { manager: values.manager }),
      ...own,
    })
    return server.ask('POST', `/apply?${query.toString()}`, { body: document }) as Promise<Applied>
  }
  const { plan, hash, warnings } = await apply({ dryRun: 'true' })
  for (const line of planLines(plan, { colour: io.stdout.isTTY === true && io.env.NO_COLOR === undefined }))
    io.stdout.write(`${line}\n`)
  for (const { path, message } of warnings) io.stderr.write(`warning: ${path}: ${message}\n`)
  const toDo = plan.filter(isToDo).length
  if (values['dry-run'] === true) return toDo === 0 ? exit.ok : exit.wrong
  // What is only managed from now on is no change that anybody would see, and is written all the same.
  if (toDo > 0 || plan.some(({ adopts }) => adopts)) await apply({ dryRun: 'false', hash })
  io.stdout.write(toDo === 0 ? 'Nothing to do.\n' : `Applied ${toDo} of ${plan.length}.\n`)
  return exit.ok
}

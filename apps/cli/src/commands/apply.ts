import { adminTokenPath } from '@sonde/api'
import { loadSettings, variables } from '@sonde/config'
import { type PlanStep, readConfigFile } from '@sonde/core'
import { readKeptSecret } from '@sonde/secrets'
import { readDocument, withEnvironment } from '../document.ts'
import { exit, type Io, UsageError } from '../io.ts'
import { readArguments } from './arguments.ts'

const verbs = { create: '+ create', change: '~ change', delete: '- delete', unchanged: '  unchanged' } as const

/** `sonde apply`: the plan first, then the change; with --dry-run only the plan, and exit code 2 when there is something to do. */
export async function applyCommand(args: string[], io: Io): Promise<number> {
  const { values } = readArguments({
    args,
    options: { file: { type: 'string', short: 'f' }, 'dry-run': { type: 'boolean' }, prune: { type: 'boolean' } },
  })
  if (values.file === undefined) throw new UsageError('expected -f FILE')
  const { url, token } = serverSettings(io.env)
  const document = withEnvironment(readDocument(values.file), { ...io.env, SONDE_URL: url })
  // Read here too: mistakes are told without a server, with the paths of the file.
  readConfigFile(document)

  const apply = (dryRun: boolean) =>
    post(url, token, `/api/v1/apply?dryRun=${dryRun}&prune=${values.prune === true}`, document)
  const plan = await apply(true)
  for (const step of plan) io.stdout.write(`${line(step)}\n`)
  const toDo = plan.filter(({ action }) => action !== 'unchanged').length
  if (values['dry-run'] === true) return toDo === 0 ? exit.ok : exit.wrong
  if (toDo > 0) await apply(false)
  io.stdout.write(toDo === 0 ? 'Nothing to do.\n' : `Applied ${toDo} of ${plan.length}.\n`)
  return exit.ok
}

function line({ key, action, fields }: PlanStep): string {
  return `${verbs[action]} ${key}${fields.length === 0 ? '' : ` (${fields.join(', ')})`}`
}

/** Where the API is, and the token for it: as the environment says, else this machine's. */
function serverSettings(env: NodeJS.ProcessEnv): { url: string; token: string } {
  const { SONDE_URL, SONDE_TOKEN, SONDE_ADMIN_TOKEN, SONDE_HOST, SONDE_PORT, SONDE_DATA_DIR } = loadSettings(
    {
      SONDE_URL: variables.SONDE_URL,
      SONDE_TOKEN: variables.SONDE_TOKEN,
      SONDE_ADMIN_TOKEN: variables.SONDE_ADMIN_TOKEN,
      SONDE_HOST: variables.SONDE_HOST,
      SONDE_PORT: variables.SONDE_PORT,
      SONDE_DATA_DIR: variables.SONDE_DATA_DIR,
    },
    env,
  )
  const path = adminTokenPath(SONDE_DATA_DIR)
  const token = SONDE_TOKEN ?? SONDE_ADMIN_TOKEN ?? readKeptSecret(path)
  if (token === undefined) throw new UsageError(`SONDE_TOKEN: is not set, and there is no token at ${path}`)
  return { url: SONDE_URL ?? `http://${SONDE_HOST}:${SONDE_PORT}`, token }
}

async function post(url: string, token: string, path: string, document: unknown): Promise<PlanStep[]> {
  let response: Response
  try {
    response = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(document),
      signal: AbortSignal.timeout(30_000),
    })
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new Error(
      `no answer from the server at ${url}: ${cause instanceof Error ? cause.message || String(cause) : String(cause)}`,
      { cause: error },
    )
  }
  const answer = (await response.json()) as { plan?: PlanStep[]; detail?: string }
  if (answer.plan !== undefined) return answer.plan
  throw new UsageError(`the server answered ${response.status}: ${answer.detail}`)
}

import { type Problem, parseDuration, scopes } from '@sonde/core'
import { exit, type Io, printable, UsageError } from '../io.ts'
import { openServer, RefusedError, type Server } from '../server/server.ts'
import { oneAction, readArguments } from './arguments.ts'

type Token = {
  id: string
  name: string
  scopes: string[]
  labels: Record<string, string>
  expiresAt: string | null
  lastUsedAt: string | null
}

const actions = { create, list, revoke } as const

/** `sonde token create | list | revoke`: who may ask the API, and what. */
export async function tokenCommand(args: string[], io: Io): Promise<number> {
  const [action = '', ...rest] = args
  return actions[oneAction(action === '' ? [] : [action], Object.keys(actions) as (keyof typeof actions)[])](rest, io)
}

/** Prints the token and nothing else on stdout, so that it can go where it is needed without being seen. */
async function create(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    options: {
      name: { type: 'string' },
      scope: { type: 'string', multiple: true },
      label: { type: 'string', multiple: true },
      expires: { type: 'string' },
      json: { type: 'boolean' },
    },
    allowPositionals: true,
  })
  if (values.name === undefined) throw new UsageError('expected --name NAME')
  // `--scope read write`, `--scope read --scope write` and `--scope read,write` alike.
  const wanted = [...(values.scope ?? []), ...positionals].flatMap((scope) => scope.split(','))
  if (wanted.length === 0) throw new UsageError(`expected --scope SCOPE, once or several times: ${scopes.join(', ')}`)
  const body = {
    name: values.name,
    scopes: wanted,
    labels: labelsFrom(values.label ?? []),
    expiresAt: values.expires === undefined ? null : instantFrom(values.expires, Date.now()),
  }
  const made = (await asking(openServer(io.env), 'POST', '/tokens', body)) as Token & { token: string }
  io.stdout.write(values.json === true ? `${JSON.stringify(made, null, 2)}\n` : `${made.token}\n`)
  if (values.json !== true)
    io.stderr.write(`${tokenLine(made)}\nIt is not shown again; revoke it with: sonde token revoke ${made.id}\n`)
  return exit.ok
}

async function list(args: string[], io: Io): Promise<number> {
  const { values } = readArguments({ args, options: { json: { type: 'boolean' } } })
  const server = openServer(io.env)
  const tokens: Token[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `?${new URLSearchParams({ cursor }).toString()}`
    const page = (await server.ask('GET', `/tokens${query}`)) as { items: Token[]; nextCursor: string | null }
    tokens.push(...page.items)
    cursor = page.nextCursor
  }
  if (values.json === true) io.stdout.write(`${JSON.stringify(tokens, null, 2)}\n`)
  else for (const token of tokens) io.stdout.write(`${tokenLine(token)}\n`)
  return exit.ok
}

async function revoke(args: string[], io: Io): Promise<number> {
  const { positionals } = readArguments({ args, options: {}, allowPositionals: true })
  const [id, extra] = positionals
  if (id === undefined || extra !== undefined)
    throw new UsageError('expected the id of a token, as sonde token list shows it')
  await asking(openServer(io.env), 'DELETE', `/tokens/${encodeURIComponent(id)}`)
  io.stdout.write(`Revoked ${printable(id)}.\n`)
  return exit.ok
}

const flags: Readonly<Record<string, string>> = {
  name: '--name',
  scopes: '--scope',
  labels: '--label',
  expiresAt: '--expires',
}

/** What the server has against a field is told of the flag that it came from. */
async function asking(server: Server, method: string, path: string, body?: unknown): Promise<unknown> {
  try {
    return await server.ask(method, path, body === undefined ? {} : { body })
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const told = error.problems.map(({ path: field, message }: Problem) => {
      const [name = ''] = field.split(/[.[]/)
      return `${flags[name] ?? field}: ${message}`
    })
    throw new UsageError(printable(told.join('; ')))
  }
}

function labelsFrom(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
      if (name === undefined || value === undefined)
        throw new UsageError(`--label: expected name=value, found "${text}"`)
      return [name, value]
    }),
  )
}

/** `90d` from now, or an instant as it is. */
function instantFrom(text: string, nowMs: number): string {
  const ms = parseDuration(text)
  if (ms !== undefined) return new Date(nowMs + ms).toISOString()
  if (!Number.isNaN(Date.parse(text)) && /^\d{4}-\d\d-\d\dT/.test(text)) return text
  throw new UsageError(
    `--expires: expected a duration such as 90d or an instant such as 2027-01-01T00:00:00Z, found "${text}"`,
  )
}

function tokenLine({ id, name, scopes: held, labels, expiresAt, lastUsedAt }: Token): string {
  const bound = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
  return printable(
    [
      id,
      name,
      held.join(','),
      bound.length === 0 ? 'all checks' : bound.join(','),
      expiresAt === null ? 'for ever' : `until ${expiresAt}`,
      lastUsedAt === null ? 'never used' : `used ${lastUsedAt}`,
    ].join('  '),
  )
}

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type AuditEntry, ChainWalk } from '@sonde/core'
import { exit, type Io, UsageError } from '../io.ts'
import { openServer } from '../server/server.ts'
import { readArguments } from './arguments.ts'

const usage = `expected one of

  sonde audit verify [-f FILE] [--head ID:HASH]   follow the chain of the audit log, or of an export of it
  sonde audit export                              the audit log as JSON lines, oldest first
  sonde audit erase [--token ID] [--before DATE]  erase what entries say of persons; the entries and their chain stay`

// Entries that are asked for at once.
const pageSize = 2000

/** `sonde audit`: what was done, by whom; verify exits 1 when the chain does not hold. */
export async function auditCommand(args: string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      file: { type: 'string', short: 'f' },
      head: { type: 'string' },
      token: { type: 'string' },
      before: { type: 'string' },
    },
  })
  const [action, ...more] = positionals
  if (more.length > 0) throw new UsageError(usage)
  if (action === 'verify') return verify(io, values.file, values.head)
  if (action === 'export') {
    for await (const line of exported(io)) io.stdout.write(`${line}\n`)
    return exit.ok
  }
  if (action === 'erase') return erase(io, values.token, values.before)
  throw new UsageError(usage)
}

/** `head` is an entry that was noted elsewhere, as this printed it: it finds a log whose end was cut off or written anew. */
async function verify(io: Io, file: string | undefined, head: string | undefined): Promise<number> {
  const expected = head === undefined ? undefined : readHead(head)
  const walk = new ChainWalk()
  let met = expected === undefined
  const lines = file === undefined ? exported(io) : linesOf(file)
  for await (const line of lines) {
    const problem = walk.follow(JSON.parse(line) as AuditEntry)
    if (problem !== undefined) return broken(io, problem)
    if (walk.last.id === expected?.id) {
      if (walk.last.hash !== expected.hash) return broken(io, `entry ${expected.id} has another hash than was noted`)
      met = true
    }
  }
  if (!met) return broken(io, `entry ${expected?.id} is missing: the log ends with ${walk.last.id}`)
  const { id, hash } = walk.last
  const erased = walk.erased === 0 ? '' : `, the details of ${walk.erased} of them erased`
  io.stdout.write(`${id} entries, each as it was written${erased}\n`)
  if (id > 0) io.stdout.write(`head ${id}:${hash}\n`)
  return exit.ok
}

function broken(io: Io, problem: string): number {
  io.stderr.write(`sonde audit: ${problem}\n`)
  return exit.failed
}

async function erase(io: Io, token: string | undefined, before: string | undefined): Promise<number> {
  if (token === undefined && before === undefined) throw new UsageError('expected --token ID, --before DATE, or both')
  const answer = await openServer(io.env).ask('POST', '/audit/erase', { body: { token, before } })
  io.stdout.write(`Erased the details of ${(answer as { erased: number }).erased} entries.\n`)
  return exit.ok
}

async function* exported(io: Io): AsyncGenerator<string> {
  const server = openServer(io.env)
  for (let after = 0; ; ) {
    const text = await server.ask('GET', `/audit/export?after=${after}&limit=${pageSize}`)
    const lines = String(text)
      .split('\n')
      .filter((line) => line !== '')
    yield* lines
    const last = lines.at(-1)
    if (lines.length < pageSize || last === undefined) return
    after = (JSON.parse(last) as AuditEntry).id
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) if (line !== '') yield line
}

function readHead(text: string): { id: number; hash: string } {
  const [, id, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (id === undefined || hash === undefined)
    throw new UsageError('--head: expected ID:HASH, as sonde audit verify prints it')
  return { id: Number(id), hash }
}

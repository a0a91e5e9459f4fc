import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type AuditEntry, ChainWalk } from '@sonde/core'
import { z } from 'zod'
import { exit, type Io, printable, UsageError } from '../io.ts'
import { openServer } from '../server/server.ts'
import { oneAction, readArguments } from './arguments.ts'

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
  const action = oneAction(positionals, ['verify', 'export', 'erase'])
  if (action === 'verify') return verify(io, values.file, values.head)
  if (action === 'export') {
    for await (const line of exported(io)) io.stdout.write(`${line}\n`)
    return exit.ok
  }
  return erase(io, values.token, values.before)
}

/** `head` is an entry that was noted elsewhere, as this printed it: it finds a log whose end was cut off or written anew. */
async function verify(io: Io, file: string | undefined, head: string | undefined): Promise<number> {
  const expected = head === undefined ? undefined : readHead(head)
  const walk = new ChainWalk()
  let met = expected === undefined
  const lines = file === undefined ? exported(io) : linesOf(file)
  for await (const line of lines) {
    const entry = readEntry(line)
    if (entry === undefined) return broken(io, `what comes after entry ${walk.last.id} is no entry of an audit log`)
    const problem = walk.follow(entry)
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
  const input = file === '-' ? process.stdin : await opened(file)
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) if (line !== '') yield line
}

async function opened(file: string): Promise<Readable> {
  const stream = createReadStream(file)
  try {
    await once(stream, 'open')
    return stream
  } catch (error) {
    throw new UsageError(
      `--file: ${printable(file)} cannot be read (${error instanceof Error ? error.message : String(error)})`,
    )
  }
}

const Entry = z.object({
  id: z.int(),
  at: z.string(),
  action: z.string(),
  resource: z.string(),
  key: z.string(),
  token: z.string(),
  detailHash: z.string(),
  hash: z.string(),
  salt: z.string().nullable(),
  detail: z.string().nullable(),
})

/** Undefined for what is not an entry: a file may have been cut in the middle of a line, or be something else. */
function readEntry(line: string): AuditEntry | undefined {
  try {
    return Entry.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

function readHead(text: string): { id: number; hash: string } {
  const [, id, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (id === undefined || hash === undefined)
    throw new UsageError('--head: expected ID:HASH, as sonde audit verify prints it')
  return { id: Number(id), hash }
}

import { exit, type Io } from '../io.ts'
import { openServer } from '../server/server.ts'
import { oneAction, readArguments } from './arguments.ts'

type Keys = { current: string; known: string[]; sealed: Record<string, number> }
type Rotated = Keys & { changed: number; failed: { resource: string; key: string; reason: string }[] }

/** `sonde secrets`: rotate exits 1 while something is sealed with another key than the first. */
export async function secretsCommand(args: string[], io: Io): Promise<number> {
  const { positionals } = readArguments({ args, allowPositionals: true, options: {} })
  const action = oneAction(positionals, ['status', 'rotate'])
  const server = openServer(io.env)
  if (action === 'status') {
    tell(io, (await server.ask('GET', '/secrets')) as Keys)
    return exit.ok
  }
  const done = (await server.ask('POST', '/secrets/rotate')) as Rotated
  for (const { resource, key, reason } of done.failed) io.stderr.write(`sonde secrets: ${resource} ${key}: ${reason}\n`)
  io.stdout.write(`Sealed ${done.changed} checks and channels anew.\n`)
  tell(io, done)
  return Object.keys(done.sealed).every((id) => id === done.current) ? exit.ok : exit.failed
}

function tell(io: Io, { current, known, sealed }: Keys): void {
  for (const id of new Set([...known, ...Object.keys(sealed)])) {
    const what = id === current ? 'seals' : known.includes(id) ? 'opens' : 'is not in SONDE_SECRET_KEY'
    io.stdout.write(`key ${id}  ${what}  holds ${sealed[id] ?? 0}\n`)
  }
}

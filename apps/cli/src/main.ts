#!/usr/bin/env node
import './lean-modules.ts'
import { SettingsError } from '@sonde/config'
import { DomainError, meant } from '@sonde/core'
import { commands } from './commands.ts'
import { help, usage } from './help.ts'
import { exit, type Io, printable, UsageError } from './io.ts'

const stop = new AbortController()

// The first signal asks, a later one does not: a drain that hangs must not hold a person at the terminal. One Ctrl-C comes
// twice under npm, from the terminal and from npm, so what follows within a second is the same.
let askedAt = Number.POSITIVE_INFINITY
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (performance.now() - askedAt > 1000) process.exit(130)
    askedAt = Math.min(askedAt, performance.now())
    stop.abort()
  })
}
// A process that `sonde up` started stops with it, however that ended. The database may have ended with it too, and then there is
// nobody left to hand anything to: what has not ended by itself in a few seconds is ended.
const underUp = process.connected
const orphanedMs = 4000
if (underUp) {
  process.on('disconnect', () => {
    stop.abort()
    setTimeout(() => process.exit(1), orphanedMs).unref()
  })
}
// `sonde up | head` closes our output; that is no reason to stop working.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const io: Io = { stdout: process.stdout, stderr: process.stderr, env: process.env, stop: stop.signal, underUp }
const [name = 'help', ...args] = process.argv.slice(2)

try {
  const command = commands[name]
  if (command === undefined || !Object.hasOwn(commands, name))
    throw new UsageError(`there is no command "${printable(name)}"${meant(name, Object.keys(commands))}\n\n${usage}`)
  const text = help[name]
  if (text !== undefined && (args.includes('--help') || args.includes('-h'))) io.stdout.write(`${text}\n`)
  else process.exitCode = await command(args, io)
} catch (error) {
  const wrong = error instanceof UsageError || error instanceof SettingsError || error instanceof DomainError
  io.stderr.write(`sonde ${name}: ${error instanceof Error ? error.message : String(error)}\n`)
  if (io.env.SONDE_LOG_LEVEL === 'debug' && error instanceof Error) io.stderr.write(`${error.stack}\n`)
  process.exitCode = wrong ? exit.wrong : exit.failed
}
// What a pipe has not taken yet would be lost with the process.
for (const stream of [process.stdout, process.stderr])
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve())
  })
// What is left open must not keep a command alive that has said all it has to say.
process.exit()

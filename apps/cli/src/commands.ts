import { help, usage } from './help.ts'
import type { Io } from './io.ts'

type Command = (args: string[], io: Io) => Promise<number>

/** Every command; each is loaded when it is called, so that `sonde probe` does not wait for the API's modules. */
export const commands: Record<string, Command> = {
  up: async (args, io) => (await import('./commands/up.ts')).upCommand(args, io),
  api: async (args, io) => (await import('./commands/roles.ts')).apiCommand(args, io),
  scheduler: async (args, io) => (await import('./commands/roles.ts')).schedulerCommand(args, io),
  ingester: async (args, io) => (await import('./commands/roles.ts')).ingesterCommand(args, io),
  notifier: async (args, io) => (await import('./commands/roles.ts')).notifierCommand(args, io),
  worker: async (args, io) => (await import('./commands/worker.ts')).workerCommand(args, io),
  migrate: async (args, io) => (await import('./commands/migrate.ts')).migrateCommand(args, io),
  apply: async (args, io) => (await import('./commands/apply.ts')).applyCommand(args, io),
  audit: async (args, io) => (await import('./commands/audit.ts')).auditCommand(args, io),
  secrets: async (args, io) => (await import('./commands/secrets.ts')).secretsCommand(args, io),
  validate: async (args, io) => (await import('./commands/validate.ts')).validateCommand(args, io),
  schema: async (args, io) => (await import('./commands/schema.ts')).schemaCommand(args, io),
  token: async (args, io) => (await import('./commands/token.ts')).tokenCommand(args, io),
  export: async (args, io) => (await import('./commands/export.ts')).exportCommand(args, io),
  probe: async (args, io) => (await import('./commands/probe.ts')).probeCommand(args, io),
  help: async ([name = '', ...args], io) => {
    const asked = Object.hasOwn(commands, name) ? commands[name] : undefined
    // What probe has to say follows from its flags.
    if (name === 'probe' && asked !== undefined) return asked([...args, '--help'], io)
    io.stdout.write(`${Object.hasOwn(help, name) ? help[name] : usage}\n`)
    return 0
  },
}
for (const alias of ['--help', '-h']) commands[alias] = commands.help as Command

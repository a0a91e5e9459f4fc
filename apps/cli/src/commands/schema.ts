import { configJsonSchema } from '@sonde/core'
import { exit, type Io } from '../io.ts'
import { readArguments } from './arguments.ts'

/** `sonde schema`: the JSON Schema of a configuration file, for editors. */
export async function schemaCommand(args: string[], io: Io): Promise<number> {
  readArguments({ args, options: {} })
  io.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`)
  return exit.ok
}

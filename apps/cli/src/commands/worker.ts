import { startWorker, workerConfig } from '@sonde/worker'
import type { Io } from '../io.ts'
import { readArguments } from './arguments.ts'
import { serve } from './serve.ts'

export async function workerCommand(args: string[], io: Io): Promise<number> {
  const { values } = readArguments({ args, options: { region: { type: 'string' } } })
  const config = workerConfig(io.env, values.region)
  return serve(`worker-${config.region}`, io, (log, registry) => startWorker(config, log, registry), {
    boundsItself: true,
  })
}

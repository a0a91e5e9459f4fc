import { adminToken, apiConfig, startApi } from '@sonde/api'
import { ingesterConfig, startIngester } from '@sonde/ingester'
import { notifierConfig, startNotifier } from '@sonde/notifier'
import { schedulerConfig, startScheduler } from '@sonde/scheduler'
import type { Io } from '../io.ts'
import { readArguments } from './arguments.ts'
import { serve } from './serve.ts'

export async function apiCommand(args: string[], io: Io): Promise<number> {
  const { values } = readArguments({ args, options: { 'trust-proxy': { type: 'string' } } })
  const config = apiConfig(withTrustProxy(io.env, values['trust-proxy']), adminToken)
  return serve('api', io, (log, registry) => startApi(config, log, registry), { ownServer: false })
}

export async function schedulerCommand(args: string[], io: Io): Promise<number> {
  readArguments({ args, options: {} })
  const config = schedulerConfig(io.env)
  return serve('scheduler', io, (log, registry) => startScheduler(config, log, registry))
}

export async function ingesterCommand(args: string[], io: Io): Promise<number> {
  readArguments({ args, options: {} })
  const config = ingesterConfig(io.env)
  return serve('ingester', io, (log, registry) => startIngester(config, log, registry))
}

export async function notifierCommand(args: string[], io: Io): Promise<number> {
  readArguments({ args, options: {} })
  const config = notifierConfig(io.env)
  return serve('notifier', io, (log, registry) => startNotifier(config, log, registry))
}

/** The environment with the networks of `--trust-proxy`, where it was given. */
export function withTrustProxy(env: NodeJS.ProcessEnv, networks: string | undefined): NodeJS.ProcessEnv {
  return networks === undefined ? env : { ...env, SONDE_TRUST_PROXY: networks }
}

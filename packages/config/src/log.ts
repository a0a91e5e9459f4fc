import { type Logger, pino } from 'pino'
import { loggedError } from './error-log.ts'

export type { Logger }

/** The one logger of a process: JSON lines on stderr, so that stdout stays free for what a command prints. */
export function createLogger(role: string, level: string): Logger {
  const serializers = { err: (error: unknown) => loggedError(error) }
  const options = { name: `sonde-${role}`, level, base: { pid: process.pid }, serializers }
  return pino(options, pino.destination({ fd: 2, sync: false }))
}

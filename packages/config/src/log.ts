import { type Logger, pino } from 'pino'

export type { Logger }

/** The one logger of a process: JSON lines on stderr, so that stdout stays free for what a command prints. */
export function createLogger(role: string, level: string): Logger {
  return pino({ name: `sonde-${role}`, level, base: { pid: process.pid } }, pino.destination({ fd: 2, sync: false }))
}

import type { Logger } from 'pino'

const everyMs = 30_000

/**
 * Logs a fault that comes again and again, as a server's that is away: at once when it is new, then at most every 30 s with how many
 * there were since. The same error from two places, and the same words, are one fault.
 */
export function recurringWarning(log: Logger, message: string, now: () => number = Date.now): (error: Error) => void {
  const told = new Map<string, { atMs: number; since: number }>()
  const seen = new WeakSet<Error>()
  return (error) => {
    if (seen.has(error)) return
    seen.add(error)
    const name = `${error.name} ${error.message}`.slice(0, 200)
    const before = told.get(name)
    if (before !== undefined && now() - before.atMs < everyMs) {
      before.since += 1
      return
    }
    for (const [other, { atMs }] of told) if (now() - atMs > 10 * everyMs) told.delete(other)
    told.set(name, { atMs: now(), since: 0 })
    const again = before === undefined || before.since === 0 ? {} : { again: before.since }
    log.warn({ err: error, ...again }, message)
  }
}

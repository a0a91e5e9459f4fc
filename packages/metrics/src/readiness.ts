import type { Readiness } from './server.ts'

/** Asks everything a role depends on at once: true for what answers, and for the rest its own words. */
export async function readinessOf(pings: Record<string, () => Promise<void>>): Promise<Readiness> {
  const answers = Object.entries(pings).map(async ([name, ping]): Promise<[string, true | string]> => {
    try {
      await ping()
      return [name, true]
    } catch (error) {
      return [name, error instanceof Error ? error.message : String(error)]
    }
  })
  return Object.fromEntries(await Promise.all(answers))
}

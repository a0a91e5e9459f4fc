import { setTimeout as delay } from 'node:timers/promises'

export type Closer = { name: string; close: () => Promise<unknown>; patienceMs: number }

/**
 * Closes in the opposite order to that of opening. What fails to close, or takes longer than its patience as what it waits for has
 * gone, is told and keeps nothing else from being closed.
 */
export async function closeAll(closers: readonly Closer[], tell: (line: string) => void): Promise<void> {
  for (const { name, close, patienceMs } of closers.toReversed()) {
    const patience = new AbortController()
    const tired = delay(patienceMs, true, { signal: patience.signal }).catch(() => false)
    try {
      const closed = close().then(() => false)
      if (await Promise.race([closed, tired]))
        tell(`${name} did not stop within ${patienceMs / 1000} s; going on without it`)
    } catch (error) {
      tell(`${name} did not stop as it should: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      patience.abort()
    }
  }
}

import { durationMs } from '@sonde/core'
import { answered, type apiClient } from '../e2e/api-client.ts'
import type { History, Version } from './history.ts'

/** A check, as far as its schedule depends on it. */
export type Edit = { key: string; interval: string; regions: string[]; enabled: boolean }

// An edit is followed when the next tick is noted: within a second of the answer, for slots from a lookahead of 5 s on. The rest is
// patience with a scheduler that a fault keeps from it.
const followedWithinMs = 15_000

/** Applies edits and keeps, for the account, what each check has been and when that may have changed. */
export function editor(
  client: ReturnType<typeof apiClient>,
  histories: History[],
  regions: readonly string[],
  target: string,
) {
  return async (edits: readonly Edit[]): Promise<void> => {
    const checks = edits.map((edit) => ({ ...edit, kind: 'http', target, timeout: '500ms' }))
    const afterMs = Date.now()
    const answer = await answered(client.POST('/api/v1/apply', { body: { checks } }))
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
    const beforeMs = Date.now() + followedWithinMs
    for (const edit of edits) {
      const known = histories.find(({ key }) => key === edit.key)
      const version: Version = {
        intervalMs: durationMs(edit.interval),
        regions: edit.regions.includes('*') ? regions : edit.regions,
        enabled: edit.enabled,
      }
      if (known === undefined) histories.push({ key: edit.key, first: version, edits: [] })
      else known.edits.push({ version, afterMs, beforeMs })
    }
  }
}

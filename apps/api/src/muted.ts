import { IncidentDocument } from '@sonde/core'
import { type Database, readMutes, silencesOf, windowsOf } from '@sonde/db'
import { z } from 'zod'

/** An incident with what keeps it from being told now: nothing of one that is over. */
export const MutedIncident = IncidentDocument.extend({
  silencedBy: z.array(z.string()).describe('The ids of the silences that mute it now'),
  maintenance: z.array(z.string()).describe('The keys of the maintenance windows that its check is in now'),
})
export type MutedIncident = z.output<typeof MutedIncident>

export async function withMutes(
  db: Database,
  incidents: readonly IncidentDocument[],
  nowMs: number,
): Promise<MutedIncident[]> {
  const open = incidents.some(({ resolvedAt }) => resolvedAt === null)
  const mutes = open ? await readMutes(db, nowMs) : undefined
  return incidents.map((incident) => {
    if (mutes === undefined || incident.resolvedAt !== null) return { ...incident, silencedBy: [], maintenance: [] }
    const { checkKey: key, kind, labels, rule } = incident
    const told = { key, kind, labels, rule }
    return {
      ...incident,
      silencedBy: silencesOf(mutes, told).map(({ id }) => id),
      maintenance: windowsOf(mutes, told).map(({ key }) => key),
    }
  })
}

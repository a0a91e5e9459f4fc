import { evidenceLines, openingEvidence } from '@sonde/core'
import { type Database, readEvidence } from '@sonde/db'

/** What the regions saw when an incident opened, a line each, as far as that is known by now. */
export async function seenAtOpening(db: Database, incidentId: string): Promise<string[]> {
  return evidenceLines(openingEvidence(await readEvidence(db, incidentId)))
}

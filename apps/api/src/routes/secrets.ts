import { DomainError } from '@sonde/core'
import { countSealedBy, resealDocuments } from '@sonde/db'
import { resealChannel, resealCheck, type SecretKey } from '@sonde/secrets'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { problems } from '../schemas.ts'

const Keys = z.object({
  current: z.string().describe('The id of the key that seals: the first in SONDE_SECRET_KEY'),
  known: z.array(z.string()).describe('The ids of the keys that this process opens with'),
  sealed: z.record(z.string(), z.int()).describe('How many checks and channels hold secrets of each key'),
})
const Rotated = Keys.extend({
  changed: z.int().describe('Documents that were sealed anew'),
  unchanged: z.int(),
  failed: z.array(z.object({ resource: z.string(), key: z.string(), reason: z.string() })),
})

/** The keys that secrets are sealed with, and their change. */
export function secretRoutes(app: ApiInstance, { db, secretKey }: ApiServices): void {
  app.get(
    '/secrets',
    {
      schema: {
        summary: 'Which keys seal how much',
        tags: ['secrets'],
        response: { 200: Keys, ...problems },
      },
    },
    async () => keys(existing()),
  )

  app.post(
    '/secrets/rotate',
    {
      schema: {
        summary: 'Seal every secret anew with the first key of SONDE_SECRET_KEY',
        description:
          'Document by document, while all goes on. It can be called again at any time, and then does what is left.',
        tags: ['secrets'],
        response: { 200: Rotated, ...problems },
      },
    },
    async () => {
      const key = existing()
      const done = await resealDocuments(db, {
        check: (check) => resealCheck(check, key),
        channel: (channel) => resealChannel(channel, key),
      })
      return { ...(await keys(key)), ...done }
    },
  )

  async function keys(key: SecretKey) {
    const known = [key.id, ...(key.others ?? []).map(({ id }) => id)]
    return { current: key.id, known, sealed: await countSealedBy(db) }
  }

  function existing(): SecretKey {
    if (secretKey === undefined) throw new DomainError('unavailable', 'SONDE_SECRET_KEY is not set')
    return secretKey
  }
}

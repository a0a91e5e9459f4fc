import { type Check, explain, foldResults, type Result } from '@sonde/core'
import { aCheck, aResult, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import { makePartitions } from '../partitions.ts'
import { createChannel } from '../queries/channels.ts'
import { createCheck, findCheck } from '../queries/checks.ts'
import { ingest } from '../queries/ingest.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const regions = ['eu', 'us', 'ap']
const found: Record<'up' | 'down' | 'missed', Partial<Result>> = {
  up: {},
  down: { outcome: 'down', error: explain('tcp_refused', 'nothing listens') },
  missed: { outcome: 'missed', error: explain('expired', 'too late') },
}
const kinds = fc.constantFrom<keyof typeof found>('up', 'up', 'down', 'down', 'down', 'missed')
// A result of each region a slot, one after the other.
const history = fc.array(fc.tuple(kinds, kinds, kinds), { minLength: 4, maxLength: 10 })
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 42, maxLength: 42 })
const again = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 6 })

test('the same results of three regions in any chunks, some again and late, give the same incidents and messages', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', max: 4, onError: () => undefined })
  let number = 0
  try {
    await makePartitions(db, start)
    await createChannel(db, { key: 'ops', kind: 'ntfy', enabled: true, ntfy: { url: 'http://127.0.0.1/x' } })
    await fc.assert(
      fc.asyncProperty(
        history,
        sizes,
        again,
        fc.constantFrom('any' as const, 'majority' as const, 'all' as const),
        async (slots, ends, late, quorum) => {
          const make = async () => {
            const alerts = { failureThreshold: 2, successThreshold: 2, regions: quorum, channels: ['ops'] }
            const check = aCheck({ key: `check-${number++}`, interval: '10s', timeout: '1s', alerts })
            await createCheck(db, check)
            return { id: (await findCheck(db, check.key))?.id ?? 0, check }
          }
          const resultsOf = ({ id, check }: { id: number; check: Check }) =>
            slots.flatMap((kindsOf, slot) =>
              regions.map((region, index) => {
                const atMs = start + slot * 10_000 + index * 1000
                return { checkId: id, result: aResult(check, atMs, { region, ...found[kindsOf[index] ?? 'up'] }) }
              }),
            )
          const write = (items: ReturnType<typeof resultsOf>) =>
            ingest(db, items, foldResults, Date.parse(items.at(-1)?.result.slot ?? '') + 1000)
          const single = await make()
          for (const one of resultsOf(single)) await write([one])
          const chunked = await make()
          const all = resultsOf(chunked)
          for (let from = 0, chunk = 0; from < all.length; from += ends[chunk++] ?? 1) {
            const items = all.slice(from, from + (ends[chunk] ?? 1))
            // What has been there before comes again in front of it.
            const repeated = late
              .filter(([when]) => when % 8 === chunk)
              .flatMap(([, which]) => all[which % (from + 1)] ?? [])
            await write([...repeated, ...items])
          }
          expect(await told(chunked.id)).toEqual(await told(single.id))
        },
      ),
      { numRuns: 12, endOnFailure: true },
    )
  } finally {
    await close()
  }

  async function told(checkId: number) {
    const { rows } = await db.execute(
      sql`select i.rule, i.opened_at, i.resolved_at, i.code, i.regions, array_agg(o.type order by o.number) as messages
          from incidents i left join outbox o on o.incident_id = i.id where i.check_id = ${checkId}
          group by i.id order by i.opened_at, i.rule`,
    )
    return rows
  }
})

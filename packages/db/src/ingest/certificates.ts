import type { Result } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import type { Row } from './rows.ts'

export type SeenChainRow = Row & { before: readonly string[] | null }
type Certificate = NonNullable<Result['tls']>['chain'][number]

/** Notes the certificates of chains, where and when they were seen, and a chain that took another's place as an event. */
export async function noteChains(tx: Queryable, chains: readonly SeenChainRow[]): Promise<void> {
  if (chains.length === 0) return
  await upsertCertificates(tx, chains)
  await noteSightings(tx, chains)
  await noteChanges(tx, chains)
}

/** Slots between which something was seen, in RFC 3339 and UTC, so that they are in order as texts. */
type Span = { first: string; last: string }

function spanWith(span: Span | undefined, slot: string): Span {
  if (span === undefined) return { first: slot, last: slot }
  return { first: slot < span.first ? slot : span.first, last: slot > span.last ? slot : span.last }
}

async function upsertCertificates(tx: Queryable, chains: readonly SeenChainRow[]): Promise<void> {
  const seen = new Map<string, Certificate & Span>()
  for (const { result } of chains) {
    for (const certificate of result.tls?.chain ?? [])
      seen.set(certificate.sha256, { ...certificate, ...spanWith(seen.get(certificate.sha256), result.slot) })
  }
  // In one order for all, as many checks see the same authority.
  const rows = [...seen.values()]
    .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
    .map(({ notBefore, notAfter, keyType, keyBits, ...same }) => ({
      ...same,
      not_before: notBefore,
      not_after: notAfter,
      key_type: keyType,
      key_bits: keyBits,
    }))
  await tx.execute(
    sql`insert into certificates as c (sha256, subject, issuer, serial, not_before, not_after, san, key_type, key_bits, signature, first_seen, last_seen)
        select sha256, subject, issuer, serial, not_before, not_after, san, key_type, key_bits, signature, first, last
        from json_to_recordset(${JSON.stringify(rows)}::json) as r(sha256 text, subject text, issuer text, serial text,
          not_before timestamptz, not_after timestamptz, san json, key_type text, key_bits int, signature text, first timestamptz, last timestamptz)
        on conflict (sha256) do update set first_seen = least(c.first_seen, excluded.first_seen), last_seen = greatest(c.last_seen, excluded.last_seen)`,
  )
}

async function noteSightings(tx: Queryable, chains: readonly SeenChainRow[]): Promise<void> {
  // The newest chain of each (check, region) is its current one; those before it in the same chunk were there too.
  const newest = new Map(chains.map((chain) => [`${chain.checkId} ${chain.regionId}`, chain]))
  const rows = new Map<string, Span & Record<string, unknown>>()
  for (const chain of chains) {
    const current = newest.get(`${chain.checkId} ${chain.regionId}`) === chain
    for (const [position, { sha256 }] of (chain.result.tls?.chain ?? []).entries()) {
      const key = `${chain.checkId} ${chain.regionId} ${sha256}`
      const span = spanWith(rows.get(key), chain.result.slot)
      rows.set(key, { check_id: chain.checkId, region_id: chain.regionId, sha256, position, current, ...span })
    }
  }
  const keys = [...newest.values()].map(({ checkId, regionId }) => ({ check_id: checkId, region_id: regionId }))
  await tx.execute(
    sql`update certificate_sightings s set current = false
        from json_to_recordset(${JSON.stringify(keys)}::json) as k(check_id int, region_id smallint)
        where s.check_id = k.check_id and s.region_id = k.region_id and s.current`,
  )
  await tx.execute(
    sql`insert into certificate_sightings as s (check_id, region_id, sha256, position, current, first_seen, last_seen)
        select check_id, region_id, sha256, position, current, first, last
        from json_to_recordset(${JSON.stringify([...rows.values()])}::json) as r(check_id int, region_id smallint, sha256 text,
          position smallint, current boolean, first timestamptz, last timestamptz)
        on conflict (check_id, region_id, sha256) do update set position = excluded.position, current = excluded.current,
          first_seen = least(s.first_seen, excluded.first_seen), last_seen = greatest(s.last_seen, excluded.last_seen)`,
  )
}

async function noteChanges(tx: Queryable, chains: readonly SeenChainRow[]): Promise<void> {
  const events = chains.flatMap(({ checkId, regionId, result, before }) =>
    before === null
      ? []
      : [
          {
            at: result.slot,
            check_id: checkId,
            region_id: regionId,
            type: 'certificate_changed',
            data: { before, after: result.tls?.chain.map(({ sha256 }) => sha256) },
          },
        ],
  )
  if (events.length === 0) return
  await tx.execute(
    sql`insert into events (at, check_id, region_id, type, data)
        select at, check_id, region_id, type, data from json_to_recordset(${JSON.stringify(events)}::json)
          as e(at timestamptz, check_id int, region_id smallint, type text, data jsonb)`,
  )
}

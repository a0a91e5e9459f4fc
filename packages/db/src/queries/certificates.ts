import type { LabelSelector } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { withinLabels } from './within-labels.ts'

export type CertificateSighting = {
  checkKey: string
  region: string
  /** 0 is the leaf. */
  position: number
  /** Whether it was part of the chain that was seen last. */
  current: boolean
  firstSeen: Date
  lastSeen: Date
}

export type CertificateRow = {
  sha256: string
  subject: string
  issuer: string
  serial: string
  notBefore: Date
  notAfter: Date
  san: string[]
  keyType: string
  keyBits: number | null
  signature: string
  firstSeen: Date
  lastSeen: Date
  /** Those of the chains that were seen last first, at most 100: an authority may have signed for every check there is. */
  seenBy: CertificateSighting[]
  seenByCount: number
}

export type CertificateFilter = {
  checkKey?: string | undefined
  /** Only those that are part of the chain that was seen last, of some check. */
  current?: boolean | undefined
  /** Only those that expire before this. */
  expiresBefore?: Date | undefined
  /** The last of the page before. */
  after?: { notAfter: Date; sha256: string } | undefined
  /** Seen by checks that have all of these labels, and those sightings alone. */
  within?: LabelSelector | undefined
  limit: number
}

type Stored = {
  sha256: string
  subject: string
  issuer: string
  serial: string
  not_before: Date
  not_after: Date
  san: string[]
  key_type: string
  key_bits: number | null
  signature: string
  first_seen: Date
  last_seen: Date
  seen_by_count: string
  seen_by: { key: string; region: string; position: number; current: boolean; first_seen: string; last_seen: string }[]
}

const sightingsShown = 100

/** A page of the certificates that were ever seen and whose checks still are, soonest to expire first. */
export async function listCertificates(db: Queryable, filter: CertificateFilter): Promise<CertificateRow[]> {
  const { checkKey, current, expiresBefore, after, within, limit } = filter
  const ofTeam = withinLabels(sql`k.doc`, within) ?? sql`true`
  const ofCheck = checkKey === undefined ? ofTeam : sql`(k.key = ${checkKey} and ${ofTeam})`
  const seen = sql`select from certificate_sightings s join checks k on k.id = s.check_id where s.sha256 = c.sha256
    and ${ofCheck} and ${current === undefined ? sql`true` : sql`s.current = ${current}`}`
  const { rows } = await db.execute<Stored>(
    sql`with page as (
          select * from certificates c where exists (${seen})
            and ${expiresBefore === undefined ? sql`true` : sql`c.not_after < ${expiresBefore.toISOString()}::timestamptz`}
            and ${after === undefined ? sql`true` : sql`(c.not_after, c.sha256) > (${after.notAfter.toISOString()}::timestamptz, ${after.sha256})`}
          order by c.not_after, c.sha256 limit ${limit}
        )
        select page.*, (
          select count(*) from certificate_sightings s join checks k on k.id = s.check_id where s.sha256 = page.sha256 and ${ofCheck}
        ) as seen_by_count, (
          select json_agg(json_build_object('key', s.key, 'region', s.region, 'position', s.position, 'current', s.current,
              'first_seen', s.first_seen, 'last_seen', s.last_seen) order by s.key, s.region)
          from (
            select k.key, g.name as region, s.position, s.current, s.first_seen, s.last_seen
            from certificate_sightings s join checks k on k.id = s.check_id join regions g on g.id = s.region_id
            where s.sha256 = page.sha256 and ${ofCheck}
            order by s.current desc, k.key, g.name limit ${sightingsShown}
          ) s
        ) as seen_by
        from page order by not_after, sha256`,
  )
  return rows.map((row) => ({
    sha256: row.sha256,
    subject: row.subject,
    issuer: row.issuer,
    serial: row.serial,
    notBefore: new Date(row.not_before),
    notAfter: new Date(row.not_after),
    san: row.san,
    keyType: row.key_type,
    keyBits: row.key_bits,
    signature: row.signature,
    firstSeen: new Date(row.first_seen),
    lastSeen: new Date(row.last_seen),
    seenByCount: Number(row.seen_by_count),
    seenBy: row.seen_by.map(({ key, first_seen, last_seen, ...same }) => ({
      checkKey: key,
      ...same,
      firstSeen: new Date(first_seen),
      lastSeen: new Date(last_seen),
    })),
  }))
}

export type CheckEvent = { at: Date; region: string; type: string; data: Record<string, unknown> }

/** What changed at the target of a check, newest first. */
export async function listEvents(db: Queryable, checkId: number, limit: number): Promise<CheckEvent[]> {
  const { rows } = await db.execute<{ at: Date; region: string; type: string; data: Record<string, unknown> }>(
    sql`select e.at, g.name as region, e.type, e.data from events e join regions g on g.id = e.region_id
        where e.check_id = ${checkId} order by e.at desc, e.id desc limit ${limit}`,
  )
  return rows.map(({ at, ...same }) => ({ at: new Date(at), ...same }))
}

/**
 * Ends chains that are no check's any more, though no other took their place: its target has no TLS by now, or the region is none of the
 * check's, as it was not asked for three days in which others were (the longest interval is a day). A target that is down still has the
 * chain that it had: expiry must not be forgotten while nobody can see it.
 */
export async function endChains(db: Queryable): Promise<void> {
  await db.execute(
    sql`update certificate_sightings s set current = false
        from check_states t
        where s.current and t.check_id = s.check_id and t.region_id = s.region_id
          and ((t.recent->>'outcome' = 'up' and t.recent->>'tls' is null)
            or t.last_slot < (select max(o.last_slot) from check_states o where o.check_id = s.check_id) - interval '3 days')`,
  )
}

// A target may show another chain with every handshake. The newest that were seen are kept, of each check in each region.
const mostSightings = 500
const mostEvents = 1000

/**
 * Forgets where certificates were seen that have not been part of a chain since `beforeMs`, or past the newest 500 of a check in a
 * region, and then the certificates that nobody has seen.
 */
export async function forgetCertificates(db: Queryable, beforeMs: number): Promise<void> {
  await db.execute(
    sql`delete from certificate_sightings where not current and last_seen < ${new Date(beforeMs).toISOString()}::timestamptz`,
  )
  await db.execute(
    sql`delete from certificate_sightings s using (
          select check_id, region_id, sha256, row_number() over (partition by check_id, region_id order by current desc, last_seen desc) as rank
          from certificate_sightings
        ) r where r.rank > ${mostSightings} and (s.check_id, s.region_id, s.sha256) = (r.check_id, r.region_id, r.sha256) and not s.current`,
  )
  // One that is being noted at this moment has been seen by now: its row is looked at again when that is done.
  await db.execute(
    sql`delete from certificates c where c.last_seen < now() - interval '1 day'
          and not exists (select from certificate_sightings s where s.sha256 = c.sha256)`,
  )
}

/** Forgets what changed at targets before `beforeMs`, and past the newest 1,000 of a check. */
export async function forgetEvents(db: Queryable, beforeMs: number): Promise<void> {
  await db.execute(sql`delete from events where at < ${new Date(beforeMs).toISOString()}::timestamptz`)
  await db.execute(
    sql`delete from events where id in (
          select id from (select id, row_number() over (partition by check_id order by at desc, id desc) as rank from events) r
          where rank > ${mostEvents})`,
  )
}

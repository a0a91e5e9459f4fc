import {
  type AlertPolicy,
  type CertExpiryFacts,
  type CertificateWitness,
  durationMs,
  isRuleOn,
  isTold,
  judgeCertChange,
  judgeCertExpiry,
  type RuledCertificate,
  withdrawn,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { type OpenRow, openIncidents, writeDecision } from '../ingest/decisions.ts'
import type { IncidentAbout } from '../ingest/incident-row.ts'
import { type Mutes, mutedUntil, readMutes } from '../ingest/mutes.ts'
import type { IncidentChange } from '../ingest/tell.ts'

// One process at a time judges certificates ("cer" in ASCII).
const expiryLock = 0x636572

// A certificate that is no longer the one shown counts as seen for so long: a pool of servers may show it again.
const recentIntervals = 10
const recentMostMs = 3_600_000

type Sighting = {
  sha256: string
  region: string
  current: boolean
  seen_ms: number
  check_id: number
  key: string
  name: string | null
  target: string
  kind: string
  interval: string
  labels: IncidentAbout['labels']
  alerts: AlertPolicy
}
type Seen = RuledCertificate & { sightings: Sighting[] }

/** Judges every certificate that is near enough to its end for some check, and those with an open incident. */
export function judgeCertificates(db: Pick<Database, 'transaction'>, nowMs: number): Promise<IncidentChange[]> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${expiryLock})`)
    const open = await openIncidents(tx, ['certExpiry', 'certChange'])
    const farthestMs = await farthestThreshold(tx)
    const certificates = await loadCertificates(
      tx,
      nowMs + farthestMs,
      open.map(({ subject }) => subject),
      nowMs,
    )
    const told = await loadTold(tx, [...certificates.keys()], nowMs)
    const mutes = await readMutes(tx, nowMs)
    const changes: (IncidentChange | undefined)[] = []
    for (const [sha256, seen] of certificates) {
      const own = (rule: string) => open.find((one) => one.rule === rule && one.subject === sha256) ?? null
      changes.push(await judgeExpiry(tx, seen, own('certExpiry'), told.get(sha256) ?? null, mutes))
      const change = own('certChange')
      if (change !== null) changes.push(await judgeOpenChange(tx, seen, change, nowMs))
    }
    for (const lost of open.filter(({ subject }) => !certificates.has(subject))) {
      const decision = withdrawn(lost, 'it is forgotten')
      changes.push((await writeDecision(tx, { ...lost, open: lost }, decision, nowMs))?.change)
    }
    return changes.filter((change) => change !== undefined)
  })
}

/** The largest threshold of any check, in ms. */
async function farthestThreshold(tx: Queryable): Promise<number> {
  const { rows } = await tx.execute<{ thresholds: unknown }>(
    sql`select distinct doc->'alerts'->'certExpiry' as thresholds from checks where doc->>'enabled' = 'true'`,
  )
  return Math.max(0, ...rows.flatMap(({ thresholds }) => thresholdsOf(thresholds)))
}

function thresholdsOf(certExpiry: unknown): number[] {
  return Array.isArray(certExpiry) ? certExpiry.map((text) => durationMs(String(text))) : []
}

async function loadCertificates(
  tx: Queryable,
  untilMs: number,
  also: readonly string[],
  nowMs: number,
): Promise<Map<string, Seen>> {
  const recent = new Date(nowMs - recentMostMs).toISOString()
  const { rows } = await tx.execute<
    Omit<RuledCertificate, 'notAfterMs'> & { after: number; sightings: Sighting[] | null }
  >(
    sql`select t.sha256, t.subject, t.issuer, extract(epoch from t.not_after)::float8 * 1000 as after, (
          select json_agg(json_build_object('region', g.name, 'current', s.current, 'check_id', s.check_id, 'key', c.key, 'name', c.doc->'name',
            'seen_ms', extract(epoch from s.last_seen) * 1000, 'target', c.doc->'target', 'kind', c.doc->'kind',
            'interval', c.doc->'interval', 'labels', c.doc->'labels', 'alerts', c.doc->'alerts') order by s.check_id, g.name)
          from certificate_sightings s join checks c on c.id = s.check_id join regions g on g.id = s.region_id
          where s.sha256 = t.sha256 and c.doc->>'enabled' = 'true' and g.retired_at is null
            and (s.current or s.last_seen > ${recent}::timestamptz)) as sightings
        from certificates t
        where t.not_after < ${new Date(untilMs).toISOString()}::timestamptz or t.sha256 = any(${sql.param(also)}::text[])`,
  )
  return new Map(
    rows.map(({ after, sightings, ...same }) => [
      same.sha256,
      { ...same, notAfterMs: after, sightings: sightings ?? [] },
    ]),
  )
}

function isSeen({ current, seen_ms, interval }: Sighting, nowMs: number): boolean {
  return current || nowMs - seen_ms < Math.min(recentMostMs, recentIntervals * durationMs(interval))
}

async function judgeExpiry(
  tx: Queryable,
  seen: Seen,
  open: OpenRow | null,
  toldBefore: CertExpiryFacts['toldBefore'],
  mutes: Mutes,
): Promise<IncidentChange | undefined> {
  const nowMs = mutes.atMs
  const sightings = seen.sightings.filter((one) => isSeen(one, nowMs) && isRuleOn(one.alerts, 'certExpiry'))
  const byKey = Map.groupBy(sightings, ({ key }) => key)
  const seenBy = [...byKey].map(([key, own]): CertificateWitness => {
    const { certExpiry, channels = [] } = own[0]?.alerts ?? {}
    return { key, regions: own.map(({ region }) => region), thresholdsMs: thresholdsOf(certExpiry), channels }
  })
  const muted = open !== null && mutedUntil(mutes, { ...open.about, rule: 'certExpiry' }) !== null
  const decision = judgeCertExpiry({ certificate: seen, seenBy, toldBefore, muted }, open, nowMs)
  if (decision.action === 'nothing') return undefined
  const told = new Set(seenBy.filter((witness) => isTold(witness, seen, nowMs)).map(({ key }) => key))
  const about = open ?? aboutCertificate(sightings.find(({ key }) => told.has(key)))
  if (about === undefined) return undefined
  const judged = { rule: 'certExpiry', checkId: about.checkId, about: about.about, open } as const
  return (await writeDecision(tx, judged, decision, nowMs))?.change
}

async function judgeOpenChange(
  tx: Queryable,
  seen: Seen,
  open: OpenRow,
  nowMs: number,
): Promise<IncidentChange | undefined> {
  const sightings = seen.sightings.filter((one) => isSeen(one, nowMs) && isRuleOn(one.alerts, 'certChange'))
  const seenBy = [...new Set(sightings.map(({ key }) => key))]
  const facts = { change: null, isKnown: true, seenBy, region: null, channels: [] }
  const decision = judgeCertChange(facts, open, nowMs)
  return (await writeDecision(tx, { ...open, open }, decision, nowMs))?.change
}

/** What is told in whose name: the first check that sees it lends its key and target. */
function aboutCertificate(first: Sighting | undefined): { checkId: number | null; about: IncidentAbout } | undefined {
  if (first === undefined) return undefined
  const { key, name, target, kind, labels, alerts } = first
  return { checkId: first.check_id, about: { key, name: name ?? undefined, target, kind, labels, alerts } }
}

/** Of these certificates, how near the end they were told the last time, and when that was over. */
async function loadTold(
  tx: Queryable,
  sha256s: readonly string[],
  nowMs: number,
): Promise<Map<string, NonNullable<CertExpiryFacts['toldBefore']>>> {
  const since = new Date(nowMs - 2 * 86_400_000).toISOString()
  const { rows } = await tx.execute<{
    subject: string
    stage: number
    memory: Record<string, unknown>
    resolved: number
  }>(
    sql`select distinct on (subject) subject, (memory->>'stageMs')::float8 as stage, memory, extract(epoch from resolved_at)::float8 * 1000 as resolved
        from incidents where rule = 'certExpiry' and subject = any(${sql.param(sha256s)}::text[]) and resolved_at > ${since}::timestamptz
        order by subject, resolved_at desc`,
  )
  return new Map(
    rows.map(({ subject, stage, memory, resolved }) => [subject, { stageMs: stage, memory, resolvedMs: resolved }]),
  )
}

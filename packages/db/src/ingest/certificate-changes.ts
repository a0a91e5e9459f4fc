import { Check, isRuleOn, judgeCertChange, type LeafCertificate } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import type { SeenChainRow } from './certificates.ts'
import { type OpenRow, openIncidents, writeDecision } from './decisions.ts'

// Whoever judges a certificate holds the lock of this number and its fingerprint ("crt" in ASCII).
const certificateLock = 0x637274

// A check that looks once a day sees what others saw yesterday.
const toldDays = 7

/**
 * Judges the changes of leaf certificates among chains that have just been noted: one incident a new certificate, however many
 * checks see it. Costs nothing where no leaf changed.
 */
export async function judgeChanges(
  tx: Queryable,
  chains: readonly SeenChainRow[],
  checks: ReadonlyMap<number, Check>,
  nowMs: number,
): Promise<void> {
  const changes = chains
    .filter(({ before, result }) => before !== null && before[0] !== result.tls?.chain[0]?.sha256)
    // In one order for all, so that nobody waits in a circle.
    .sort((a, b) => ((a.result.tls?.chain[0]?.sha256 ?? '') < (b.result.tls?.chain[0]?.sha256 ?? '') ? -1 : 1))
  for (const change of changes) {
    const stored = checks.get(change.checkId)
    const check = Check.safeParse(stored).data ?? stored
    if (check !== undefined && isRuleOn(check.alerts, 'certChange')) await judgeChange(tx, change, check, nowMs)
  }
}

async function judgeChange(tx: Queryable, chain: SeenChainRow, check: Check, nowMs: number): Promise<void> {
  const { result, checkId } = chain
  const after = leafOf(result.tls?.chain[0])
  const before = await loadLeaf(tx, chain.before?.[0] ?? '')
  if (after === null || before === null) return
  await tx.execute(sql`select pg_advisory_xact_lock(${certificateLock}, hashtext(${after.sha256}))`)
  const open = (await openIncidents(tx, ['certChange'])).find(({ subject }) => subject === after.sha256) ?? null
  const seenBy = [...new Set([...checksOf(open), check.key])]
  const change = { before, after, atMs: Date.parse(result.slot) }
  const isKnown = await wasKnown(tx, checkId, after.sha256, result.slot, nowMs)
  const facts = { change, isKnown, seenBy, region: result.region, channels: check.alerts.channels }
  const decision = judgeCertChange(facts, open, nowMs)
  const about = open?.about ?? check
  await writeDecision(tx, { rule: 'certChange', checkId, about, open }, decision, nowMs)
}

/** The keys of the checks that an incident of a certificate lists. */
export function checksOf(open: OpenRow | null): string[] {
  const checks = open?.memory['checks']
  return Array.isArray(checks) ? checks.map(String) : []
}

function leafOf(leaf: NonNullable<SeenChainRow['result']['tls']>['chain'][number] | undefined): LeafCertificate | null {
  if (leaf === undefined) return null
  const { notBefore, notAfter, ...same } = leaf
  return { ...same, notBeforeMs: Date.parse(notBefore), notAfterMs: Date.parse(notAfter) }
}

async function loadLeaf(tx: Queryable, sha256: string): Promise<LeafCertificate | null> {
  const { rows } = await tx.execute<
    Omit<LeafCertificate, 'notBeforeMs' | 'notAfterMs'> & { before: number; after: number }
  >(
    sql`select sha256, subject, issuer, san, key_type as "keyType", extract(epoch from not_before)::float8 * 1000 as before,
          extract(epoch from not_after)::float8 * 1000 as after
        from certificates where sha256 = ${sha256}`,
  )
  const [row] = rows
  if (row === undefined) return null
  const { before, after, ...same } = row
  return { ...same, notBeforeMs: before, notAfterMs: after }
}

/** Whether the check was shown the certificate before this slot, in any region, or it was told of already. */
async function wasKnown(tx: Queryable, checkId: number, sha256: string, slot: string, nowMs: number): Promise<boolean> {
  const since = new Date(nowMs - toldDays * 86_400_000).toISOString()
  const { rows } = await tx.execute<{ known: boolean }>(
    sql`select exists (select from certificate_sightings
            where check_id = ${checkId} and sha256 = ${sha256} and first_seen < ${slot}::timestamptz)
          or exists (select from incidents where rule = 'certChange' and subject = ${sha256} and resolved_at > ${since}::timestamptz) as known`,
  )
  return rows[0]?.known === true
}

import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** Names a request that is to be done once: whose it is, and digests of its key and of what it asks. */
export type IdempotentRequest = { holder: string; keyDigest: Buffer; fingerprint: Buffer }

export type KeptAnswer = { status: number; headers: Record<string, string>; body: string }

/**
 * - claimed: nobody has asked this; whoever is told so does it, and keeps the answer or releases the key.
 * - running: somebody does it just now.
 * - other: the key stands for another request.
 * - answered: it was done.
 */
export type Claim =
  | { state: 'claimed' }
  | { state: 'running' }
  | { state: 'other' }
  | { state: 'answered'; answer: KeptAnswer }

// A day is what payment services keep such keys for. What is unanswered after 11 minutes, beyond the longest timeout of a check, was
// begun by a process that is gone.
const over = sql`k.begun_at < now() - case when k.status is null then interval '11 minutes' else interval '1 day' end`

/** Takes the key for this request, if nobody has it. */
export async function claimIdempotencyKey(db: Queryable, request: IdempotentRequest): Promise<Claim> {
  const { holder, keyDigest, fingerprint } = request
  for (;;) {
    const claimed = await db.execute(
      sql`insert into idempotency_keys as k (holder, key_digest, fingerprint) values (${holder}, ${keyDigest}, ${fingerprint})
          on conflict (holder, key_digest) do update
            set fingerprint = excluded.fingerprint, begun_at = now(), status = null, headers = null, body = null where ${over}
          returning 1`,
    )
    if (claimed.rows.length > 0) return { state: 'claimed' }
    const { rows } = await db.execute<{ fingerprint: Buffer } & (KeptAnswer | { status: null })>(
      sql`select fingerprint, status, headers, body from idempotency_keys where holder = ${holder} and key_digest = ${keyDigest}`,
    )
    const [row] = rows
    // Released between the two statements: it is free again.
    if (row === undefined) continue
    if (!row.fingerprint.equals(fingerprint)) return { state: 'other' }
    if (row.status === null) return { state: 'running' }
    const { status, headers, body } = row
    return { state: 'answered', answer: { status, headers, body } }
  }
}

/** Keeps what the request was answered. */
export async function keepAnswer(db: Queryable, request: IdempotentRequest, answer: KeptAnswer): Promise<void> {
  await db.execute(
    sql`update idempotency_keys set status = ${answer.status}, headers = ${JSON.stringify(answer.headers)}::jsonb,
          body = ${answer.body}
        where holder = ${request.holder} and key_digest = ${request.keyDigest} and fingerprint = ${request.fingerprint}
          and status is null`,
  )
}

/** Gives the key back, after a fault of ours: the request may be tried again. */
export async function releaseIdempotencyKey(db: Queryable, request: IdempotentRequest): Promise<void> {
  await db.execute(
    sql`delete from idempotency_keys where holder = ${request.holder} and key_digest = ${request.keyDigest}
          and fingerprint = ${request.fingerprint} and status is null`,
  )
}

/** Forgets answers that are a day old. */
export async function forgetIdempotencyKeys(db: Queryable): Promise<void> {
  await db.execute(sql`delete from idempotency_keys k where ${over}`)
}

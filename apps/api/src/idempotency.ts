import { createHash } from 'node:crypto'
import { DomainError } from '@sonde/core'
import {
  claimIdempotencyKey,
  type Database,
  forgetIdempotencyKeys,
  type IdempotentRequest,
  keepAnswer,
  releaseIdempotencyKey,
} from '@sonde/db'
import { open, type SecretKey, seal } from '@sonde/secrets'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem, titleOf } from './errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when the answer of this request is to be kept under the key that it came with. */
    kept: { request: IdempotentRequest; sealing: SecretKey } | null
  }
}

const keptHeaders = ['content-type', 'location', 'etag', 'cache-control'] as const
const place = 'idempotency'
const sweepEveryMs = 600_000

/**
 * A POST with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07) is done once: who asks again within a day, with the
 * same token, key and body, has the same answer with `idempotency-replayed: true`. The key with another body is 422; while the first is
 * under way, 409. A fault of ours (5xx) is not kept. Answers are sealed under the token and the key together, which stand nowhere: a
 * new token may be in them.
 */
export function answerOnce(scope: FastifyInstance, db: Database): void {
  let sweptAtMs = Number.NEGATIVE_INFINITY
  scope.decorateRequest('kept', null)

  scope.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request)
    if (key === undefined) return undefined
    const wanted = idempotent(request, key)
    const claim = await claimIdempotencyKey(db, wanted)
    if (claim.state === 'claimed') {
      request.kept = { request: wanted, sealing: sealingKey(request, key) }
      return undefined
    }
    if (claim.state === 'other') return refuse(reply, 422, 'stands for another request: take a new key for this one')
    if (claim.state === 'running')
      return refuse(
        reply.header('retry-after', '1'),
        409,
        'stands for a request that is under way: ask again in a moment',
      )
    const { status, headers, body } = claim.answer
    return reply
      .code(status)
      .headers({ ...headers, 'idempotency-replayed': 'true' })
      .send(open(sealingKey(request, key), body, place))
  })

  scope.addHook('onSend', async (request, reply, payload) => {
    const { kept } = request
    if (kept === null) return payload
    request.kept = null
    try {
      if (reply.statusCode >= 500 || typeof payload !== 'string') await releaseIdempotencyKey(db, kept.request)
      else await keepAnswer(db, kept.request, { ...answerOf(reply), body: seal(kept.sealing, payload, place) })
      if (performance.now() - sweptAtMs > sweepEveryMs) {
        sweptAtMs = performance.now()
        await forgetIdempotencyKeys(db)
      }
    } catch (error) {
      // What was asked is done, and its answer is worth more than a later one like it.
      request.log.warn({ err: error }, 'the answer to an idempotency key could not be kept')
    }
    return payload
  })
}

function answerOf(reply: FastifyReply): { status: number; headers: Record<string, string> } {
  const kept = keptHeaders.flatMap((name) => (reply.hasHeader(name) ? [[name, String(reply.getHeader(name))]] : []))
  return { status: reply.statusCode, headers: Object.fromEntries(kept) as Record<string, string> }
}

/** The key of a POST, with or without the quotes of a structured header; undefined where there is none. */
function keyOf({ method, headers }: FastifyRequest): string | undefined {
  const given = headers['idempotency-key']
  if (given === undefined || method !== 'POST') return undefined
  const [, quoted, bare] = /^(?:"([\x20\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/.exec(String(given)) ?? []
  const key = quoted ?? bare
  if (key !== undefined) return key
  const message = 'expected 1 to 255 printable characters, such as a UUID'
  throw new DomainError('invalid', `idempotency-key: ${message}`, [{ path: 'idempotency-key', message }])
}

function idempotent({ method, url, body, holder }: FastifyRequest, key: string): IdempotentRequest {
  return {
    holder: holder.id,
    keyDigest: digest(key),
    fingerprint: digest(`${method} ${url} ${JSON.stringify(body) ?? ''}`),
  }
}

function sealingKey({ headers, holder }: FastifyRequest, key: string): SecretKey {
  return { id: holder.id, bytes: digest(`${headers.authorization ?? ''} ${key}`) }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return sendProblem(
    reply,
    status,
    status === 409 ? 'It is under way' : titleOf(status),
    `idempotency-key: ${message}`,
    [{ path: 'idempotency-key', message }],
  )
}

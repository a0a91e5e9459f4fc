import { type Actor, actAs, appendAudit, type Database } from '@sonde/db'
import { tokenId } from '@sonde/secrets'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { bearerToken } from './auth.ts'
import type { Denials } from './denials.ts'

/**
 * Puts what is done on the routes of this scope into the audit log, whoever wrote the route:
 *
 * - what it writes to the database is written in the asker's name, and triggers there add the entries in its transaction;
 * - what it does beside that (`event` in access.ts) is added before the answer leaves;
 * - what was denied is noted.
 */
export function keepAudit(scope: FastifyInstance, db: Database, denials: Denials): void {
  scope.addHook('preHandler', (request, _, done) => {
    if (request.method === 'GET' || request.method === 'HEAD') done()
    else actAs(actorOf(request), done)
  })
  scope.addHook('onSend', async (request, reply, payload) => {
    const event = request.routeOptions.config.access?.event
    const { statusCode } = reply
    // What failed beyond us was tried all the same.
    const isReplayed = reply.hasHeader('idempotency-replayed')
    if (event !== undefined && !isReplayed && (statusCode < 400 || statusCode >= 500)) {
      const { key, id } = request.params as { key?: string; id?: string }
      const resource = /\/api\/v1\/(\w+?)s?\//.exec(request.routeOptions.url ?? '')?.[1] ?? 'route'
      await actAs(actorOf(request), () =>
        appendAudit(db, { action: event, resource, key: key ?? id ?? '', detail: {} }),
      )
    }
    return payload
  })
  scope.addHook('onResponse', async (request, reply) => {
    const { statusCode } = reply
    // What comes without a right token when there were too many of that already is one more of the same.
    const isUnknown = statusCode === 401 || (statusCode === 429 && request.asker === null)
    if (!isUnknown && statusCode !== 403 && !request.beyondReach) return
    denials.note({
      status: isUnknown ? 401 : 403,
      token: request.asker?.id ?? tokenId(bearerToken(request) ?? '') ?? 'unknown',
      name: request.asker?.name ?? '',
      address: request.ip,
      route: routeOf(request),
      reason: request.beyondReach ? 'beyond the labels of the token' : isUnknown ? 'no valid token' : 'not allowed',
    })
  })
}

function actorOf(request: FastifyRequest): Actor {
  const { id, name, labels } = request.holder
  return {
    token: id,
    name,
    address: request.ip,
    requestId: request.id,
    via: routeOf(request),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  }
}

function routeOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${(routeOptions.url ?? '').replace(/^\/api\/v1/, '')}`
}

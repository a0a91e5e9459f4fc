import { type Actor, actAs, appendAudit, type Database } from '@sonde/db'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { bearerToken, unknownAsker } from './auth.ts'
import type { Denial, Denials } from './denials.ts'

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
    const { asker, isUnknown, beyondReach } = request
    const why = beyondReach ? beyondLabels : isUnknown ? notKnown : byStatus[statusCode]
    if (why === undefined) return
    denials.note({
      ...why,
      ...(asker === null
        ? unknownAsker(isUnknown ? bearerToken(request) : undefined)
        : { token: asker.id, name: asker.name }),
      address: request.ip,
      route: routeOf(request),
    })
  })
}

type Why = Pick<Denial, 'status' | 'reason'>

// What comes without a right token when there were too many of that already (429) is one more of the same.
const notKnown: Why = { status: 401, reason: 'no valid token' }
const beyondLabels: Why = { status: 403, reason: 'beyond the labels of the token' }
const byStatus: Readonly<Record<number, Why | undefined>> = {
  403: { status: 403, reason: 'not allowed' },
  429: { status: 429, reason: 'too many requests' },
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

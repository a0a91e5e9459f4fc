import { createHash, timingSafeEqual } from 'node:crypto'
import { hasScope, type LabelSelector, type Scope, selectorText } from '@sonde/core'
import { type Database, findHeldToken, noteTokenUse } from '@sonde/db'
import { tokenDigest, tokenId } from '@sonde/secrets'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { accessOf, type RouteAccess } from './access.ts'
import type { Denials } from './denials.ts'
import { sendProblem } from './errors.ts'
import type { RateLimits } from './rates.ts'

/** Who asks. */
export type Holder = { id: string; name: string; scopes: readonly Scope[]; labels: LabelSelector }

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token came with the request; there on every route under /api/v1 by its handler. */
    holder: Holder
    /** The same, and null until it is known. */
    asker: Holder | null
    /** It came without a token, or with one that is not right. */
    isUnknown: boolean
  }
  interface FastifyContextConfig {
    access?: RouteAccess
  }
}

// The token of the environment, or of the data directory.
const admin: Holder = { id: 'admin', name: 'admin token', scopes: ['admin'], labels: {} }

/** Lets requests pass on the routes of this scope only with a token that may do what the route does, as `access.ts` lists it. */
export function requireTokens(scope: FastifyInstance, db: Database, adminToken: string, rates: RateLimits): void {
  const isAdmin = comparison(adminToken)
  scope.decorateRequest('asker', null)
  scope.decorateRequest('isUnknown', false)
  scope.decorateRequest('holder', {
    getter() {
      return this.asker ?? nobody()
    },
  })
  scope.addHook('onRoute', (route) => {
    const path = route.url.slice(route.prefix.length)
    const access = accessOf([route.method].flat()[0] ?? 'GET', path)
    route.config = { ...route.config, access }
    if (route.schema !== undefined) Object.assign(route.schema, { security: [{ token: [access.scope] }] })
  })
  scope.addHook('onRequest', async (request, reply) => {
    const given = bearerToken(request)
    const holder = given === undefined ? undefined : isAdmin(given) ? admin : await holderOf(db, given)
    if (holder === undefined) {
      request.isUnknown = true
      if (await rates.denied(request, reply)) return reply
      return refuse(
        reply,
        given === undefined
          ? 'expected the header "Authorization: Bearer <token>"'
          : 'the token is not known, was revoked or has expired',
      )
    }
    request.asker = holder
    if (await rates.perToken(request, reply)) return reply
    const { access } = request.routeOptions.config
    if (access === undefined) throw new Error(`no access is declared for ${request.method} ${request.url}`)
    if (!hasScope(holder.scopes, access.scope)) {
      return sendProblem(
        reply.header('www-authenticate', `Bearer error="insufficient_scope", scope="${access.scope}"`),
        403,
        'The token may not do this',
        `this takes a token with the scope ${access.scope}; "${holder.name}" has ${holder.scopes.join(', ')}`,
      )
    }
    if (access.reach === 'refused' && Object.keys(holder.labels).length > 0) {
      return sendProblem(
        reply,
        403,
        'The token may not do this',
        `"${holder.name}" is for checks with ${selectorText(holder.labels)} alone, and this belongs to no team`,
      )
    }
  })
}

/**
 * A hook that lets a request pass only with `Authorization: Bearer <token>`. Wrong ones are counted by address as any that are denied,
 * and are in the audit log; the right one always passes, as who watches over Sonde may share an address.
 */
export function requireToken(token: string, rates: RateLimits, denials: Denials) {
  const isRight = comparison(token)
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const given = bearerToken(request)
    if (given !== undefined && isRight(given)) return undefined
    const route = `${request.method} ${request.routeOptions.url ?? ''}`
    denials.note({ ...unknownAsker(given), address: request.ip, route, status: 401, reason: 'no valid token' })
    if (await rates.denied(request, reply)) return reply
    return refuse(
      reply,
      given === undefined ? 'expected the header "Authorization: Bearer <token>"' : 'the token is not known',
    )
  }
}

/** Who somebody says to be, whose token was not right. */
export function unknownAsker(given: string | undefined): { token: string; name: string } {
  return { token: tokenId(given ?? '') ?? 'unknown', name: '' }
}

async function holderOf(db: Database, given: string): Promise<Holder | undefined> {
  const id = tokenId(given)
  if (id === undefined) return undefined
  const held = await findHeldToken(db, id)
  if (held === undefined || held.expired || !timingSafeEqual(held.digest, tokenDigest(given))) return undefined
  if (held.stale) await noteTokenUse(db, id)
  const { name, scopes, labels } = held.token
  return { id, name, scopes, labels }
}

/** What the request shows as its token, of any form. */
export function bearerToken(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S{1,512})$/i.exec(request.headers.authorization ?? '')?.[1]
}

/** Digests are of one length, so the comparison takes the same time whatever was sent. */
function comparison(wanted: string): (given: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const right = digest(wanted)
  return (given) => timingSafeEqual(digest(given), right)
}

function refuse(reply: FastifyReply, detail: string): FastifyReply {
  return sendProblem(reply.header('www-authenticate', 'Bearer'), 401, 'A token is needed', detail)
}

function nobody(): never {
  throw new Error('the holder of a token was asked for where none is needed')
}

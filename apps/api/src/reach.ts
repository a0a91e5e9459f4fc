import { DomainError, isWithin, type LabelSelector, selectorText } from '@sonde/core'
import { type Database, isWindowWithin, labelsOfCheck, labelsOfIncident } from '@sonde/db'
import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether it asked for what is there, and not for its token. */
    beyondReach: boolean
  }
}

/**
 * Keeps a token with labels to the checks that have them, on the routes of this scope. What is beyond them does not exist for it:
 * 404, as for a key that is free. A write that would make a check beyond them, or move one there, is 403. The database holds every
 * write against the same labels again, in its transaction (see packages/db/src/actor.ts).
 */
export function keepReach(scope: FastifyInstance, db: Database): void {
  scope.decorateRequest('beyondReach', false)
  scope.addHook('preHandler', async (request) => {
    const { labels: selector } = request.holder
    const reach = request.routeOptions.config.access?.reach
    if (Object.keys(selector).length === 0) return
    const { key = '', id = '' } = request.params as { key?: string; id?: string }
    if (reach === 'incident') {
      const labels = await labelsOfIncident(db, id)
      if (labels === undefined || !isWithin(labels, selector)) {
        throw foreign(request, `there is no incident "${id}"`)
      }
    }
    if (reach === 'maintenance' || reach === 'silence') {
      const name = reach === 'maintenance' ? key : id
      if ((await isWindowWithin(db, reach, name, selector)) === false) {
        throw foreign(request, `there is no ${reach === 'maintenance' ? 'maintenance window' : 'silence'} "${name}"`)
      }
    }
    if (reach === 'check') {
      const labels = await labelsOfCheck(db, key)
      if (labels !== undefined && !isWithin(labels, selector)) {
        throw foreign(request, `there is no check "${key}"`)
      }
    }
    if (reach === 'check' || reach === 'checks')
      for (const labels of writtenLabels(request)) assertWithin(labels, selector)
  })
}

/** As what is not there, and noted as denied. */
function foreign(request: FastifyRequest, message: string): DomainError {
  request.beyondReach = true
  return new DomainError('not_found', message)
}

function assertWithin(labels: Readonly<Record<string, unknown>>, selector: LabelSelector): void {
  const texts = Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
  if (isWithin(texts, selector)) return
  throw beyond(selector)
}

/** What a token with labels is told when it would write beyond them. */
export function beyond(selector: LabelSelector): DomainError {
  const message = `expected ${selectorText(selector)}, which this token is bound to`
  return new DomainError('forbidden', `labels: ${message}`, [{ path: 'labels', message }])
}

/** The labels of each check that the request writes, as far as it says them. */
function writtenLabels({ method, routeOptions, body, holder }: FastifyRequest): Record<string, unknown>[] {
  if (!isMapping(body)) return []
  // A merge patch leaves what it does not name; what is there is within reach already.
  if (method === 'PATCH') {
    if (body.labels === undefined) return []
    return [{ ...holder.labels, ...(isMapping(body.labels) ? body.labels : { ...emptied(holder.labels) }) }]
  }
  if (method === 'PUT' || (method === 'POST' && routeOptions.url?.endsWith('/checks') === true)) {
    return [isMapping(body.labels) ? body.labels : {}]
  }
  return []
}

function emptied(labels: LabelSelector): Record<string, unknown> {
  return Object.fromEntries(Object.keys(labels).map((name) => [name, null]))
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { DomainError, Evidence, type IncidentDocument, incidentRules } from '@sonde/core'
import { acknowledgeIncident, findIncident, listIncidents, readEvidence } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { MutedIncident, withMutes } from '../muted.ts'
import { Cursor, Instant, Limit, page, problems } from '../schemas.ts'

const Query = z.strictObject({
  state: z.enum(['open', 'resolved']).optional(),
  check: z.string().max(64).optional(),
  rule: z.enum(incidentRules).optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  cursor: Cursor,
  limit: Limit,
})

const Position = z.tuple([z.iso.datetime(), z.uuid()])
const IdParams = z.object({ id: z.uuid() })
const Acknowledgement = z.strictObject({ by: z.string().min(1).max(200).default('api') }).prefault({})

/** With why it opened: the first failing result of each region, and what its worker saw when it looked closer. */
const WholeIncident = MutedIncident.extend({
  evidence: z.looseObject({
    results: z.record(z.string(), z.looseObject({})).optional(),
    opening: z.record(z.string(), Evidence).optional(),
  }),
})

/** Spans of time in which a check breaks its alert policy. */
export function incidentRoutes(app: ApiInstance, { db, queues, publicUrl }: ApiServices): void {
  const shown = async (incidents: readonly IncidentDocument[]) => {
    const muted = await withMutes(db, incidents, queues.clock.now())
    return muted.map((incident) => ({ ...incident, url: `${publicUrl}/api/v1/incidents/${incident.id}` }))
  }
  const shownOne = async (incident: IncidentDocument | undefined, id: string) =>
    (await shown([existing(incident, id)]))[0]

  app.get(
    '/incidents',
    {
      schema: {
        summary: 'List incidents, newest first',
        tags: ['incidents'],
        querystring: Query,
        response: { 200: page(MutedIncident), ...problems },
      },
    },
    async ({ query, holder }) => {
      const position = decodeCursor(query.cursor, (value) => Position.safeParse(value).data)
      const after = position === undefined ? undefined : { openedAt: new Date(position[0]), id: position[1] }
      const { limit, check, state, rule, from, to } = query
      const rows = await listIncidents(db, {
        within: holder.labels,
        state,
        checkKey: check,
        rule,
        from,
        to,
        after,
        limit: limit + 1,
      })
      const items = await shown(rows.slice(0, limit))
      const last = items.at(-1)
      return {
        items,
        nextCursor: rows.length > limit && last !== undefined ? encodeCursor([last.openedAt, last.id]) : null,
      }
    },
  )

  app.get(
    '/incidents/:id',
    {
      schema: {
        summary: 'Read an incident, with its evidence',
        tags: ['incidents'],
        params: IdParams,
        response: { 200: WholeIncident, ...problems },
      },
    },
    async ({ params }) => {
      const [incident] = await shown([existing(await findIncident(db, params.id), params.id)])
      if (incident === undefined) throw noSuchIncident(params.id)
      return { ...incident, evidence: (await readEvidence(db, params.id)) ?? {} }
    },
  )

  app.post(
    '/incidents/:id/acknowledge',
    {
      schema: {
        summary: 'Say that somebody looks after an incident: no more reminders, no escalation',
        tags: ['incidents'],
        params: IdParams,
        body: Acknowledgement,
        response: { 200: MutedIncident, ...problems },
      },
      preValidation: async (request) => {
        request.body ??= { by: 'api' }
      },
    },
    async ({ params, body }) => shownOne(await acknowledgeIncident(db, params.id, body.by), params.id),
  )
}

function existing(incident: IncidentDocument | undefined, id: string): IncidentDocument {
  if (incident === undefined) throw noSuchIncident(id)
  return incident
}

function noSuchIncident(id: string): DomainError {
  return new DomainError('not_found', `there is no incident "${id}"`)
}

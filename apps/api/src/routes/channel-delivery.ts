import { randomUUID } from 'node:crypto'
import { DeliveryError, deliver } from '@sonde/channels'
import { DomainError, type Notification } from '@sonde/core'
import { acceptChannel, channelHealth, endChannelFaults, findChannel, replayChannel } from '@sonde/db'
import { z } from 'zod'
import type { ApiInstance, ApiServices } from '../app.ts'
import { KeyParams, Problem, problems } from '../schemas.ts'
import { noSuchChannel } from './channels.ts'

const TestResult = z.object({ delivered: z.literal(true) })
const Health = z.object({
  refused: z.string().nullable(),
  pending: z.int(),
  dead: z.int(),
  waitingSince: z.iso.datetime().nullable(),
  lastSentAt: z.iso.datetime().nullable(),
  lastError: z.string().nullable(),
})

const testPatienceMs = 10_000

/** What becomes of what a channel is sent: a test, how it fares, and what to do when it has stood still. */
export function channelDeliveryRoutes(app: ApiInstance, services: ApiServices): void {
  const { db, openChannel, egress, lookup, publicUrl } = services

  app.post(
    '/channels/:key/test',
    {
      schema: {
        summary: 'Send a test message through a channel; a problem tells why it was not taken',
        tags: ['channels'],
        params: KeyParams,
        response: { 200: TestResult, ...problems, 502: Problem },
      },
    },
    async ({ params }) => {
      const found = await findChannel(db, params.key)
      if (found === undefined) throw noSuchChannel(params.key)
      const signal = AbortSignal.timeout(testPatienceMs)
      try {
        await deliver(testMessage(publicUrl), openChannel(found.channel), { egress, lookup, signal })
      } catch (error) {
        if (!(error instanceof DeliveryError)) throw error
        throw new DomainError('refused', `channel ${params.key}: ${error.message}`)
      }
      // One whose receiver had said that it is gone is not used again before somebody says so.
      if (found.refused === null) await endChannelFaults(db, { channel: params.key }, Date.now())
      return { delivered: true as const }
    },
  )

  app.get(
    '/channels/:key/health',
    {
      schema: {
        summary: 'How a channel fares: what waits, what was not taken, and whether its receiver refuses',
        tags: ['channels'],
        params: KeyParams,
        response: { 200: Health, ...problems },
      },
    },
    async ({ params }) => healthOf(params.key),
  )

  app.post(
    '/channels/:key/enable',
    {
      schema: {
        summary: 'Use a channel again whose receiver had answered 410',
        tags: ['channels'],
        params: KeyParams,
        response: { 200: Health, ...problems },
      },
    },
    async ({ params }) => {
      await acceptChannel(db, params.key)
      return healthOf(params.key)
    },
  )

  app.post(
    '/channels/:key/replay',
    {
      schema: {
        summary: 'Send every dead letter of a channel again, each with its id',
        tags: ['channels'],
        params: KeyParams,
        response: { 200: z.object({ replayed: z.int() }), ...problems },
      },
    },
    async ({ params }) => {
      await healthOf(params.key)
      return { replayed: await replayChannel(db, params.key) }
    },
  )

  async function healthOf(key: string) {
    const health = await channelHealth(db, key)
    if (health === undefined) throw noSuchChannel(key)
    return health
  }
}

function testMessage(publicUrl: string): Notification {
  const now = new Date().toISOString()
  return {
    id: randomUUID(),
    type: 'test',
    timestamp: now,
    incident: {
      id: randomUUID(),
      rule: 'down',
      checkKey: 'test',
      target: 'https://example.com/',
      kind: 'http',
      labels: {},
      openedAt: now,
      resolvedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      regions: [],
      code: null,
      summary: 'This is a test: somebody asked Sonde whether this channel works.',
      cause: null,
      remedy: null,
      url: `${publicUrl}/api/v1/channels`,
    },
  }
}

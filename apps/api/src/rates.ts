import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from './errors.ts'

/** Requests a minute that one API process takes; 0 is any number. */
export type Rates = {
  /** With one token. */
  perToken: number
  /** From one address, whatever it asks for; IPv6 by its /64. */
  perAddress: number
  /** From one address with a wrong token or none. Those with a right one pass still: others may share the address. */
  denied: number
}

export const usualRates: Rates = { perToken: 60_000, perAddress: 120_000, denied: 120 }

/** Each answers whether the request is one too many; then it has been answered. */
export type RateLimits = Record<keyof Rates, (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>>

const minuteMs = 60_000
// Windows are kept for so many addresses or tokens at once; the longest unused goes first.
const kept = 10_000

/**
 * Counts requests in windows of a minute. Each process counts by itself: the bounds are to keep one caller from taking all of a
 * process, and a count shared by all would cost each request a way to the database.
 */
export async function limitRates(app: FastifyInstance, rates: Rates): Promise<RateLimits> {
  await app.register(rateLimit, { global: false, cache: kept })
  return {
    perToken: limiter(rates.perToken, ({ asker }) => asker?.id ?? ''),
    perAddress: limiter(rates.perAddress),
    denied: limiter(rates.denied),
  }

  function limiter(max: number, key?: (request: FastifyRequest) => string) {
    if (max === 0) return async () => false
    const options = { max, timeWindow: minuteMs, ...(key === undefined ? {} : { keyGenerator: key }) }
    const count = app.createRateLimit(options)
    return async (request: FastifyRequest, reply: FastifyReply) => {
      const counted = await count(request)
      if (counted.isAllowed) return false
      const { remaining, ttlInSeconds, isExceeded } = counted
      void reply
        .header('ratelimit-limit', max)
        .header('ratelimit-remaining', remaining)
        .header('ratelimit-reset', ttlInSeconds)
      if (!isExceeded) return false
      void sendProblem(
        reply.header('retry-after', ttlInSeconds),
        429,
        'Too many requests',
        `expected at most ${max} requests a minute; there is room again in ${ttlInSeconds} s`,
      )
      return true
    }
  }
}

// Who watches over Sonde is not to be turned away for what others do.
const unlimited = new Set(['/healthz', '/readyz', '/metrics'])

/** Bounds what comes from one address, on every route but those of health and metrics. */
export function boundAddresses(app: FastifyInstance, { perAddress }: RateLimits): void {
  app.addHook('onRequest', async (request, reply) => {
    if (unlimited.has(request.routeOptions.url ?? '')) return undefined
    return (await perAddress(request, reply)) ? reply : undefined
  })
}

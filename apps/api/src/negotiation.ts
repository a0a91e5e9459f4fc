import type { FastifyInstance } from 'fastify'
import { sendProblem, titleOf } from './errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route answers with, where that is not JSON. */
    produces?: readonly string[]
  }
}

const usual = ['application/json', 'application/problem+json']

/** Answers 406 where the caller takes nothing of what the route has (RFC 9110, 12.5.1), before anything is done. */
export function negotiate(app: FastifyInstance): void {
  // The document tells it as well.
  app.addHook('onRoute', ({ config, schema }) => {
    if (config?.produces !== undefined && schema !== undefined) Object.assign(schema, { produces: config.produces })
  })
  app.addHook('onRequest', async (request, reply) => {
    const { accept } = request.headers
    if (accept === undefined || request.is404) return undefined
    const produced = request.routeOptions.config.produces ?? usual
    if (produced.some((type) => accepts(accept, type))) return undefined
    const detail = `Accept: expected ${produced[0]}, found ${accept.slice(0, 200)}`
    return sendProblem(reply, 406, titleOf(406), detail, [{ path: 'accept', message: detail.slice(8) }])
  })
}

/** Whether an Accept header takes a media type: the most specific range that matches decides, by a weight above 0. */
export function accepts(header: string, type: string): boolean {
  const [main] = type.split('/')
  const ranges = new Map(
    header.split(',').map((part) => {
      const [range = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase())
      const weight = parameters.find((one) => one.startsWith('q='))
      return [range, weight === undefined ? 1 : Number(weight.slice(2))] as const
    }),
  )
  return (ranges.get(type) ?? ranges.get(`${main}/*`) ?? ranges.get('*/*') ?? 0) > 0
}

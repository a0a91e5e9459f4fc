import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

/**
 * In what is read on the routes of this scope `?kind=` is the same as no `kind`: forms and scripts send what they left empty. A parameter
 * that a route does not know is refused all the same; and who writes says what is meant.
 */
export function passOverEmptyParameters(scope: FastifyInstance): void {
  scope.addHook('preValidation', (request, _, done) => {
    const { querystring } = request.routeOptions.schema ?? {}
    const query = request.query as Record<string, unknown>
    if (request.method === 'GET' && querystring instanceof z.ZodObject)
      for (const name of Object.keys(querystring.shape)) if (query[name] === '') delete query[name]
    done()
  })
}

import { DomainError, type Problem } from '@sonde/core'
import { connectionFault, isTransient } from '@sonde/db'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'

const statuses: Record<DomainError['code'], [status: number, title: string]> = {
  invalid: [400, 'The request is not valid'],
  forbidden: [403, 'The token may not do this'],
  not_found: [404, 'There is no such thing'],
  conflict: [409, 'It exists already'],
  stale: [412, 'It is not what the request expects'],
  unavailable: [503, 'Not available now'],
  refused: [502, 'The other side did not take it'],
}

/** Answers with RFC 9457 problem details. */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  title: string,
  detail: string,
  errors: Problem[] = [],
): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title, status, detail, errors })
}

/** Turns every error into problem details, in this one place; what is our own fault is logged and not shown. */
export function problemReplies(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, 404, 'There is no such thing', `no ${request.method} ${request.url.split('?')[0]}`),
  )
  app.setErrorHandler((error: FastifyError | DomainError, request, reply) => {
    if (error instanceof DomainError) {
      const [status, title] = statuses[error.code]
      return sendProblem(reply, status, title, error.message, error.problems)
    }
    const status = error.statusCode ?? 500
    if (status < 500)
      return sendProblem(reply, status, 'The request is not valid', error.message, [
        { path: 'body', message: error.message },
      ])
    request.log.error({ err: error }, 'request failed')
    if (isTransient(error))
      return sendProblem(
        reply,
        503,
        'Not available now',
        `the database or the queue does not answer: ${connectionFault(error)}`,
      )
    return sendProblem(reply, 500, 'Sonde failed', 'the fault is ours; the log says more')
  })
}

import { STATUS_CODES } from 'node:http'
import { DomainError, type Problem } from '@sonde/core'
import { connectionFault, isTransient, sqlState } from '@sonde/db'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { methodsAt } from './methods.ts'
import { requestIdHeader } from './request-id.ts'
import { problemsOfLaterParts } from './validation.ts'

const statuses: Record<DomainError['code'], [status: number, title: string]> = {
  invalid: [400, 'The request is not valid'],
  forbidden: [403, 'The token may not do this'],
  not_found: [404, 'There is no such thing'],
  conflict: [409, 'It exists already'],
  stale: [412, 'It is not what the request expects'],
  unavailable: [503, 'Not available now'],
  refused: [502, 'The other side did not take it'],
}

// The database's own word for it: see the migration of the audit log.
const beyondLabels = 'SN403'

const titles = new Map([
  ...Object.values(statuses),
  [405, 'That method is not for this resource'],
  [406, 'It cannot be had in that form'],
  [408, 'The request took too long to arrive'],
  [413, 'The body is too large'],
  [414, 'The address is too long'],
  [415, 'That media type is not taken here'],
  [422, 'It cannot be done as it is asked'],
  [429, 'Too many requests'],
  [431, 'The headers are too large'],
  [500, 'Sonde failed'],
])

export function titleOf(status: number): string {
  return titles.get(status) ?? STATUS_CODES[status] ?? 'The request failed'
}

/** The body of an answer with RFC 9457 problem details; `requestId` is what the log names the request by. */
export function problemDetails(
  status: number,
  title: string,
  detail: string,
  errors: readonly Problem[],
  requestId: string,
) {
  return { type: 'about:blank', title, status, detail, errors, requestId }
}

export const problemType = 'application/problem+json'

/** Answers with problem details. */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  title: string,
  detail: string,
  errors: Problem[] = [],
): FastifyReply {
  return reply
    .code(status)
    .header(requestIdHeader, reply.request.id)
    .type(problemType)
    .send(problemDetails(status, title, detail, errors, reply.request.id))
}

/** Turns every error into problem details, in this one place; what is our own fault is logged and not shown. */
export function problemReplies(app: FastifyInstance): void {
  const allowed = methodsAt(app)
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?')
    const methods = allowed(path)
    if (methods.length === 0) return sendProblem(reply, 404, titleOf(404), `no ${request.method} ${path}`)
    const detail = `${path} takes ${methods.join(', ')}, and not ${request.method}`
    return sendProblem(reply.header('allow', methods.join(', ')), 405, titleOf(405), detail)
  })
  app.setErrorHandler(sendError)
}

/** Answers with what an error says to the caller. */
export function sendError(
  error: FastifyError | DomainError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof DomainError) {
    const [status, title] = statuses[error.code]
    const problems = [...error.problems, ...problemsOfLaterParts(error, request)]
    const detail = problems.length === error.problems.length ? error.message : textOf(problems)
    return sendProblem(reply, status, title, detail, problems)
  }
  if (sqlState(error) === beyondLabels) {
    return sendProblem(reply, ...statuses.forbidden, 'this is beyond the labels that the token is bound to')
  }
  const status = error.statusCode ?? 500
  if (status < 500) {
    const path = pathOf(error)
    return sendProblem(reply, status, titleOf(status), error.message, [{ path, message: error.message }])
  }
  // Class 22 is "data exception": NUL, half of a surrogate pair, a year that PostgreSQL does not have. JSON has room for them.
  if (sqlState(error)?.startsWith('22') === true) {
    request.log.warn({ err: error }, 'request refused by the database')
    const message = 'holds a character or a number that cannot be stored'
    const path = request.body === undefined ? 'url' : 'body'
    return sendProblem(reply, 400, titleOf(400), `${path}: ${message}`, [{ path, message }])
  }
  request.log.error({ err: error }, 'request failed')
  if (isTransient(error))
    return sendProblem(reply, 503, titleOf(503), `the database or the queue does not answer: ${connectionFault(error)}`)
  return sendProblem(reply, 500, titleOf(500), 'the fault is ours; the log says more')
}

/** Problems on one line, each with its field. */
export function textOf(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
}

/** What of a request Fastify finds fault with. */
function pathOf({ code, statusCode }: FastifyError): string {
  if (statusCode === 415) return 'content-type'
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH') return 'url'
  return code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' ? 'content-length' : 'body'
}

import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from './errors.ts'

/** A hook that lets a request pass only with `Authorization: Bearer <token>`. */
export function requireToken(token: string) {
  // Digests are of one length, so the comparison takes the same time whatever was sent.
  const wanted = digest(token)
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
    if (given !== undefined && timingSafeEqual(digest(given), wanted)) return
    const detail =
      given === undefined ? 'expected the header "Authorization: Bearer <token>"' : 'the token is not known'
    return sendProblem(reply.header('www-authenticate', 'Bearer'), 401, 'A token is needed', detail)
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

import { DomainError } from '@sonde/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** How deep lists and objects of a body may stand in one another; a document of Sonde's needs a third of it. */
export const maxDepth = 64

/**
 * Bodies are JSON: `application/json`, and for PATCH `application/merge-patch+json` too; anything else is answered with 415. How deep
 * a body goes is counted before it is parsed, so that no one pays for thousands of levels. An empty body is none.
 */
export function takeJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  const read = (request: FastifyRequest, body: string, done: (error: Error | null, value?: unknown) => void) => {
    if (body === '') return done(null, undefined)
    const depth = depthOf(body)
    if (depth > maxDepth) {
      const message = `expected at most ${maxDepth} levels of lists and objects, found ${depth}`
      return done(new DomainError('invalid', `body: ${message}`, [{ path: 'body', message }]))
    }
    return parse(request, body, done)
  }
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser(['application/json', 'application/merge-patch+json'], { parseAs: 'string' }, read)
  app.addHook('preParsing', async (request) => {
    const type = request.headers['content-type'] ?? ''
    if (/^application\/merge-patch\+json\b/i.test(type) && request.method !== 'PATCH')
      throw Object.assign(new Error(`a merge patch is for PATCH; ${request.method} takes application/json`), {
        statusCode: 415,
      })
  })
}

/** How deep a JSON text goes: 1 for `{}`. Linear in its length, and it does not mind a text that is no JSON. */
export function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    else if (code === openBrace || code === openBracket) deepest = Math.max(deepest, ++depth)
    else if (code === closeBrace || code === closeBracket) depth -= 1
  }
  return deepest
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d]

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === backslash) at += 1
    else if (code === quote) return at
  }
  return text.length
}

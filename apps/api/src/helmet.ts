import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

// Answers are data: a browser that shows one runs nothing, loads nothing and frames nothing.
const nothing = {
  defaultSrc: ["'none'"],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
}
const ofData = { ...nothing, sandbox: [] }

// The viewer of the API's description: its own scripts and styles, which it also writes into its elements; requests to this server.
const ofPages = {
  ...nothing,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
}

const oneYear = 31_536_000

/** Headers that tell browsers what not to do with an answer; and to come by HTTPS alone, once they came by HTTPS. */
export async function protectAnswers(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    global: false,
    contentSecurityPolicy: { useDefaults: false, directives: ofData },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  })
  app.addHook('onRequest', async (request, reply) => {
    const isPage = /^\/docs(\/|\?|$)/.test(request.url)
    reply.helmet(isPage ? { contentSecurityPolicy: { useDefaults: false, directives: ofPages } } : undefined)
    if (request.protocol === 'https') void reply.header('strict-transport-security', `max-age=${oneYear}`)
  })
}

import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { problemDetails, problemType, titleOf } from './errors.ts'
import { requestIdHeader } from './request-id.ts'

/** How much a client may take: what comes slowly, or in too great a number, is turned away. */
export type Bounds = {
  /** Connections held at once; each costs some 10 KiB and an open file. */
  maxConnections: number
  /** From the opening of a connection to the end of the headers; longer is who says nothing, or a byte at a time. */
  headersTimeoutMs: number
  /** From the first byte of a request to the last of its body: at 30 s the largest document passes at 35 KiB/s. */
  requestTimeoutMs: number
}

export const usualBounds: Bounds = { maxConnections: 2000, headersTimeoutMs: 10_000, requestTimeoutMs: 30_000 }

/** The options of the server that keep the bounds. A reverse proxy that is kinder to slow clients can stand before it. */
export function boundedOptions({ headersTimeoutMs, requestTimeoutMs }: Bounds) {
  return {
    bodyLimit: 1024 * 1024,
    requestTimeout: requestTimeoutMs,
    // A socket on which nothing moves at all. A run may be silent for 10 minutes, the longest timeout of a check, and a second.
    connectionTimeout: 660_000,
    // Longer than the 60 s after which load balancers close an idle connection: they are to do it, or a request crosses our closing.
    keepAliveTimeout: 65_000,
    http: {
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, headersTimeoutMs),
      maxHeaderSize: 16 * 1024,
    },
    routerOptions: { maxParamLength: 256 },
    clientErrorHandler: refuseRequest,
  }
}

/** Turns away connections beyond the bound, with a word in the log at most once a minute. */
export function boundConnections(app: FastifyInstance, { maxConnections }: Bounds): void {
  let toldAtMs = Number.NEGATIVE_INFINITY
  app.server.maxConnections = maxConnections
  app.server.on('drop', () => {
    if (performance.now() - toldAtMs < 60_000) return
    toldAtMs = performance.now()
    app.log.warn(`${maxConnections} connections are open: more are turned away`)
  })
}

const statuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** Answers what is no HTTP, or came too slowly, with problem details too, and closes the connection. */
function refuseRequest(error: NodeJS.ErrnoException & { reason?: string }, socket: Socket): void {
  // Where Node keeps the answer that is being given on a socket.
  const answering = Reflect.get(socket, '_httpMessage') as { headersSent: boolean } | null | undefined
  // The other side is gone, or hears another answer by now.
  if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent === true) {
    socket.destroy()
    return
  }
  const status = statuses[error.code ?? ''] ?? 400
  const id = randomUUID()
  const detail =
    status === 400 ? `this is no HTTP/1.1 that can be read: ${error.reason ?? error.message}` : titleOf(status)
  const body = JSON.stringify(problemDetails(status, titleOf(status), detail, [], id))
  const headers = [
    `HTTP/1.1 ${status} ${titleOf(status)}`,
    `content-type: ${problemType}; charset=utf-8`,
    `content-length: ${Buffer.byteLength(body)}`,
    `${requestIdHeader}: ${id}`,
    'connection: close',
  ]
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`)
}

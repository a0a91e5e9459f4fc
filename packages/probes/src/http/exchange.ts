import type { Socket } from 'node:net'
import type { HttpCheck } from '@sonde/core'
import { Client } from 'undici'
import { codeOf, TargetFailure } from '../failure.ts'
import type { Observation, ProbeContext } from '../kind.ts'
import { isTlsError } from '../tls/handshake-failure.ts'
import { Answer, type HttpResponse, maxHeaderBytes } from './answer.ts'
import { exchangeFailure } from './exchange-failure.ts'
import { dispatchHttp1 } from './http1.ts'
import type { HttpRequest } from './request.ts'

type ExchangeOptions = Pick<HttpCheck['http'], 'httpVersion' | 'maxBodyBytes' | 'followRedirects'> & {
  keepBody: boolean
}

/**
 * One request and its answer on a connected socket, which is used once and then closed: HTTP/1.1 by undici's parser, HTTP/2 by
 * its client.
 * Throws `TargetFailure` with a code of the http phase, or of tls for an alert that a TLS 1.3 server sends after the handshake.
 */
export async function exchange(
  socket: Socket,
  request: HttpRequest,
  options: ExchangeOptions,
  seen: Observation,
  context: ProbeContext,
): Promise<HttpResponse> {
  // HTTP/2 without TLS is by prior knowledge (RFC 9113 3.3), and this is how undici is told.
  const h2c = options.httpVersion === '2' && request.url.protocol === 'http:'
  if (h2c) Object.assign(socket, { alpnProtocol: 'h2' })
  const http2 = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2'
  const answer = new Answer(request, options, seen, context)
  try {
    return await (http2 ? overHttp2(socket, request, answer) : overHttp1(socket, request, answer, context))
  } catch (error) {
    const { status, bodyBytes } = answer
    throw exchangeFailure(error, { url: request.url.href, status, bodyBytes, h2c })
  }
}

async function overHttp1(
  socket: Socket,
  request: HttpRequest,
  answer: Answer,
  context: ProbeContext,
): Promise<HttpResponse> {
  // No `using`, for which V8 keeps a list at run time: every http probe passes here.
  const dispatched = dispatchHttp1(socket, request, answer, context)
  try {
    return await answer.settled
  } finally {
    dispatched[Symbol.dispose]()
  }
}

async function overHttp2(socket: Socket, request: HttpRequest, answer: Answer): Promise<HttpResponse> {
  const { url, method, body } = request
  // nginx and others never answer 100 (Continue) over HTTP/2, where a body can be refused by its stream: it is sent at once.
  const { expect: _, ...headers } = request.headers
  const client = clientOn(socket, url)
  answer.version = '2'
  // undici ends sockets with errors of its own; of those that come from outside it loses the alert of a server that wants no
  // more of us.
  let fromOutside: Error | undefined
  socket.on('error', (error) => {
    if (codeOf(error) === 'ECONNRESET' || isTlsError(error)) fromOutside ??= error
  })
  try {
    client.dispatch({ path: url.pathname + url.search, method, headers, body: body ?? null }, answer)
    return await answer.settled
  } catch (error) {
    throw fromOutside ?? error
  } finally {
    client.destroy().catch(() => {})
  }
}

/** An undici client that has this one connection and gets no other. */
function clientOn(socket: Socket, url: URL): Client {
  let handedOver = false
  return new Client(url.origin, {
    connect: (_, callback) => {
      // The connection was lost before the request was sent, and undici would go on with another.
      if (handedOver)
        return callback(
          new TargetFailure('http_closed', `${url.href} closed the connection at once`, { seen: { url: url.href } }),
          null,
        )
      handedOver = true
      // Not at once: undici does not look at its queue again while it is still asking for a connection.
      queueMicrotask(() => callback(null, socket))
    },
    pipelining: 0,
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: 0,
    bodyTimeout: 0,
    h2Options: { pingInterval: 0 },
  })
}

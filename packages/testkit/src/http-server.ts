import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { TlsOptions } from 'node:tls'
import type { KeyPair } from './certificates.ts'
import { listen } from './listening.ts'
import { lax } from './tls-server.ts'

/** A request as the target saw it, its body read to the end. */
export type SeenRequest = { method: string; path: string; headers: IncomingMessage['headers']; body: string }
export type Respond = (request: SeenRequest, response: ServerResponse) => void
export type HttpServer = AsyncDisposable & { url: string; host: string; port: number; requests: SeenRequest[] }
export type HttpServerOptions = {
  host?: string
  port?: number
  tls?: KeyPair & { chain?: string[] } & Omit<TlsOptions, 'cert' | 'key'>
  /** `2` speaks HTTP/2 alone (without TLS by prior knowledge), `both` agrees by ALPN. Default `1.1`. */
  version?: '1.1' | '2' | 'both'
}

/** An HTTP server on loopback; without `respond` it answers 200 and "ok". */
export async function startHttpServer(
  respond: Respond = (_, response) => void response.end('ok'),
  options: HttpServerOptions = {},
): Promise<HttpServer> {
  const requests: SeenRequest[] = []
  const onRequest = (incoming: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    incoming.on('error', () => {})
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming
      const request = { method, path, headers, body: Buffer.concat(chunks).toString() }
      requests.push(request)
      respond(request, response)
    })
  }
  const server = makeServer(options, onRequest)
  const { host, port, close } = await listen(server, options)
  const scheme = options.tls === undefined ? 'http' : 'https'
  const shown = host.includes(':') ? `[${host}]` : host
  return { url: `${scheme}://${shown}:${port}`, host, port, requests, [Symbol.asyncDispose]: close }
}

type OnRequest = (incoming: IncomingMessage, response: ServerResponse) => void

function makeServer({ tls, version = '1.1' }: HttpServerOptions, onRequest: OnRequest) {
  // node:http2's compatibility layer gives requests and responses that serve as node:http's.
  const onHttp2 = onRequest as unknown as Parameters<typeof createSecureServer>[1]
  if (tls === undefined) return version === '2' ? createHttp2Server(onHttp2 as never) : createServer(onRequest)
  const secured = lax(tls)
  const server =
    version === '1.1'
      ? createHttpsServer(secured, onRequest)
      : createSecureServer({ ...secured, allowHTTP1: version === 'both' }, onHttp2)
  return server.on('tlsClientError', () => {})
}

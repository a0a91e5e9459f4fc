import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'

/** What a role depends on: true when it answers, else why it does not. */
export type Readiness = Record<string, true | string>

export type RoleServerOptions = {
  host: string
  /** 0 takes any free port. */
  port: number
  /** Take the next free port when this one is taken; for many processes on one machine. */
  tryNext: boolean
  registry: Registry
  ready: () => Promise<Readiness>
  /** When set, `/metrics` wants it as a bearer token. */
  token?: string | undefined
  /** Told of each request for `/metrics` without it. */
  onDenied?: (problem: Error) => void
}

const nextPorts = 100
const readyTimeoutMs = 5000

/**
 * The small HTTP server of a role that is not the API: `/healthz` (the process answers), `/readyz` (what it depends on answers;
 * 503 with what does not) and `/metrics`.
 */
export async function startRoleServer(
  options: RoleServerOptions,
): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    respond(options, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else send(response, 500, 'text/plain; charset=utf-8', `${messageOf(error)}\n`)
    })
  })
  await listen(server, options)
  return { port: (server.address() as AddressInfo).port, close: () => close(server) }
}

async function respond(
  { registry, ready, token, onDenied }: RoleServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    return send(response, 405, 'text/plain; charset=utf-8', 'Only GET and HEAD.\n')
  }
  const path = (request.url ?? '').split('?', 1)[0]
  if (path === '/healthz') return sendJson(response, 200, { status: 'ok' })
  if (path === '/readyz') {
    const checks = await readiness(ready)
    const isReady = Object.values(checks).every((state) => state === true)
    return sendJson(response, isReady ? 200 : 503, { status: isReady ? 'ok' : 'not ready', checks })
  }
  if (path === '/metrics') {
    if (token !== undefined && !isBearer(request, token)) {
      onDenied?.(new Error(`a request from ${request.socket.remoteAddress ?? 'nowhere'} without the right token`))
      response.setHeader('www-authenticate', 'Bearer')
      return send(response, 401, 'text/plain; charset=utf-8', 'The metrics want a bearer token.\n')
    }
    return send(response, 200, registry.contentType, await registry.metrics())
  }
  return send(response, 404, 'text/plain; charset=utf-8', 'Here are /healthz, /readyz and /metrics.\n')
}

/** What `ready` says; a failure or a long silence counts as not ready, so that the answer always comes. */
async function readiness(ready: () => Promise<Readiness>): Promise<Readiness> {
  const timeout = Promise.withResolvers<Readiness>()
  const timer = setTimeout(() => timeout.resolve({ ready: `no answer within ${readyTimeoutMs} ms` }), readyTimeoutMs)
  try {
    return await Promise.race([ready(), timeout.promise])
  } catch (error) {
    return { ready: messageOf(error) }
  } finally {
    clearTimeout(timer)
  }
}

function isBearer(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`)
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' })
  response.end(body)
}

async function listen(server: Server, { host, port, tryNext }: RoleServerOptions): Promise<void> {
  const last = tryNext && port !== 0 ? Math.min(port + nextPorts - 1, 65_535) : port
  for (let candidate = port; ; candidate += 1) {
    try {
      return await listenOn(server, host, candidate)
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (!taken || candidate === last) throw listenError(error, host, port, last)
    }
  }
}

async function listenOn(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port })
  await once(server, 'listening')
}

function listenError(cause: unknown, host: string, first: number, last: number): Error {
  const ports = first === last ? `${first}` : `${first} to ${last}`
  if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') {
    return new Error(`SONDE_METRICS_PORT: cannot listen on ${host}, port ${ports}: ${messageOf(cause)}`, { cause })
  }
  const taken = first === last ? `port ${ports} on ${host} is taken` : `ports ${ports} on ${host} are all taken`
  return new Error(`SONDE_METRICS_PORT: ${taken}; set it to a free port`, { cause })
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  // A scraper keeps its connection open; the role must not wait for it.
  server.closeAllConnections()
  return promise
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

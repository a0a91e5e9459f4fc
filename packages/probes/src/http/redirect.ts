import { isUtf8 } from 'node:buffer'
import { type Phases, parseHttpUrl } from '@sonde/core'
import { TargetFailure } from '../failure.ts'
import type { Observation } from '../kind.ts'
import type { HttpResponse } from './answer.ts'
import type { HttpRequest } from './request.ts'

/** The statuses that send a client elsewhere by themselves (RFC 9110 15.4); 300 and 304 do not. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

const ofTheBody = ['expect', 'content-type', 'content-encoding', 'content-language', 'content-location']

/**
 * The request that a redirect asks for, noted among the redirects seen. 303 turns everything but HEAD into GET, 301 and 302 do
 * so with POST, as all clients do (RFC 9110 15.4.2). Throws `TargetFailure` with http_bad_redirect.
 */
export function nextRequest(
  request: HttpRequest,
  response: HttpResponse,
  phases: Phases,
  { facts }: Observation,
): HttpRequest {
  const { status } = response
  const url = redirectTarget(request.url, response)
  const redirects = [...request.redirects, { status, location: url.href, ip: facts.ip, phases }]
  if (facts.http !== undefined) {
    facts.http.redirects = redirects
    facts.http.finalUrl = url.href
  }
  const toGet =
    status === 303 ? request.method !== 'HEAD' : (status === 301 || status === 302) && request.method === 'POST'
  // What is meant for the target goes neither to another host, nor over the open network after TLS.
  const downgraded = request.url.protocol === 'https:' && url.protocol === 'http:'
  const moved = url.host !== request.url.host || downgraded
  const dropped = new Set([...(toGet ? ofTheBody : []), ...(moved ? request.forTarget : [])])
  return {
    ...request,
    url,
    method: toGet ? 'GET' : request.method,
    headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !dropped.has(name))),
    body: toGet ? undefined : request.body,
    serverName: moved ? undefined : request.serverName,
    redirects,
  }
}

/** Headers are octets. Servers write Locations in UTF-8, which browsers take for that; what is none is Latin-1. */
function textOf(header: string | undefined): string | undefined {
  if (header === undefined || !/[\x80-\xff]/.test(header)) return header
  const octets = Buffer.from(header, 'latin1')
  return isUtf8(octets) ? octets.toString() : header
}

function redirectTarget(from: URL, { status, headers }: HttpResponse): URL {
  const location = textOf(headers['location'])
  if (location === undefined || location === '') {
    throw new TargetFailure('http_bad_redirect', `${from.href} answered ${status} without a Location`, {
      seen: { url: from.href, status },
    })
  }
  const shown = location.length <= 300 ? location : `${location.slice(0, 299)}…`
  if (!URL.canParse(location, from.href)) {
    throw new TargetFailure(
      'http_bad_redirect',
      `${from.href} answered ${status} with the Location "${shown}", which is no URL`,
      { seen: { url: from.href, status, location: shown } },
    )
  }
  const url = new URL(location, from)
  url.username = ''
  url.password = ''
  // A Location without a fragment would inherit ours (RFC 9110 10.2.2), which is never sent anyhow.
  url.hash = ''
  const problem = parseHttpUrl(url.href)
  if (typeof problem === 'string') {
    throw new TargetFailure(
      'http_bad_redirect',
      `${from.href} answered ${status} with the Location "${shown}": ${problem}`,
      { seen: { url: from.href, status, location: shown } },
    )
  }
  return url
}

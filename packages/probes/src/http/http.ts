import { type HttpCheck, noPhases, type Phases } from '@sonde/core'
import { codeOf, TargetFailure } from '../failure.ts'
import type { Observation, ProbeContext, ProbeKind } from '../kind.ts'
import { openSocket, plainly } from '../net/connect.ts'
import { onceFor } from '../once-for.ts'
import { openTls } from '../tls/handshake.ts'
import type { HttpResponse } from './answer.ts'
import { exchange } from './exchange.ts'
import { isRedirect, nextRequest } from './redirect.ts'
import { firstRequest, type HttpRequest } from './request.ts'

/** A request, followed over redirects, each on a connection of its own; up when the last answer is 200 to 399. */
export const http: ProbeKind<HttpCheck> = {
  async run(check: HttpCheck, seen: Observation, context: ProbeContext): Promise<void> {
    const settings = check.http
    const keepBody = check.assertions.some(({ source }) => source === 'body' || source === 'body.json')
    let request = firstRequest(check)
    let before: Phases = noPhases
    for (let followed = 0; ; followed++) {
      const response = await fetchOnce(request, check, keepBody, seen, context)
      if (!settings.followRedirects || !isRedirect(response.status)) break
      request = nextRequest(request, response, since(before, seen.phases), seen)
      before = { ...seen.phases }
      if (followed >= settings.maxRedirects) {
        throw new TargetFailure(
          'http_too_many_redirects',
          `${response.status} led on to ${request.url.href} after ${followed} redirects; the check allows ${settings.maxRedirects}`,
          { seen: { limit: settings.maxRedirects, url: request.url.href } },
        )
      }
    }
    seen.complete = true
  },
  judge(_, { http }): TargetFailure | undefined {
    if (http === undefined || (http.status >= 200 && http.status < 400)) return undefined
    return new TargetFailure('http_status', `${http.finalUrl} answered ${http.status}`, {
      seen: { url: http.finalUrl, status: http.status },
    })
  },
  judgedBy: 'status',
}

/** The phases of one hop, out of the sums before it and after it. */
function since(before: Phases, { ...phases }: Phases): Phases {
  for (const name of Object.keys(phases) as (keyof Phases)[]) {
    const [from, to] = [before[name] ?? 0, phases[name]]
    // A hop without TLS after one with it adds nothing to that sum, and has none.
    phases[name] = to === null || to === before[name] ? null : Math.round((to - from) * 1000) / 1000
  }
  return phases
}

async function fetchOnce(
  request: HttpRequest,
  check: HttpCheck,
  keepBody: boolean,
  seen: Observation,
  context: ProbeContext,
): Promise<HttpResponse> {
  const { ipFamily, resolvers, httpVersion, tls, maxBodyBytes, followRedirects } = check.http
  const { secure, host, port } = endpointOf(request)
  const to = { host, port, ipFamily, resolvers }
  const alpn = tls.alpn ?? (httpVersion === '1.1' ? onlyHttp1 : bothVersions)
  const socket = secure
    ? await openTls(to, { settings: named(tls, request.serverName), alpn }, seen, context).catch(asVersion(httpVersion))
    : (await openSocket(to, plainly, seen, context)).socket
  try {
    if (secure) demandVersion(httpVersion, seen)
    return await exchange(socket, request, { httpVersion, maxBodyBytes, keepBody, followRedirects }, seen, context)
  } finally {
    socket.destroy()
  }
}

const onlyHttp1 = ['http/1.1']
const bothVersions = ['h2', 'http/1.1']

/** Where a request goes to. */
const endpointOf = onceFor(({ url }: HttpRequest): Readonly<{ secure: boolean; host: string; port: number }> => {
  const secure = url.protocol === 'https:'
  return { secure, host: url.hostname, port: url.port === '' ? (secure ? 443 : 80) : Number(url.port) }
})

/** A server that has none of the protocols that are offered may say so by an alert (RFC 7301 3.2). */
function asVersion(httpVersion: HttpCheck['http']['httpVersion']): (error: unknown) => never {
  return (error) => {
    const isRefused =
      error instanceof TargetFailure && codeOf(error.cause) === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'
    if (!isRefused || httpVersion === 'auto') throw error
    const version = `HTTP/${httpVersion}`
    throw new TargetFailure(
      'http_version',
      `the check demands ${version}, which the server refuses (ALPN: ${error.message})`,
      {
        cause: error,
        seen: { version },
      },
    )
  }
}

function demandVersion(httpVersion: HttpCheck['http']['httpVersion'], { facts }: Observation): void {
  const agreed = facts.tls?.alpn ?? null
  if (httpVersion === '2' && agreed !== 'h2') {
    const instead = agreed === null ? 'no protocol' : agreed
    throw new TargetFailure('http_version', `the check demands HTTP/2, the server agreed on ${instead} (ALPN)`, {
      seen: { version: 'HTTP/2' },
    })
  }
}

/** With the name that this request asks for: where a redirect led to another host, not the one that the check gives. */
function named(tls: HttpCheck['http']['tls'], serverName: string | undefined): HttpCheck['http']['tls'] {
  return serverName === tls.serverName ? tls : { ...tls, serverName }
}

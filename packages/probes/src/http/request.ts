import { type HttpCheck, type HttpFacts, isSecretHeader } from '@sonde/core'
import { onceFor } from '../once-for.ts'
import { version } from '../version.ts'
import { authorization } from './secrets.ts'

export type HttpRequest = {
  readonly url: URL
  method: HttpCheck['http']['method']
  /** Names are lower-case. */
  headers: Record<string, string>
  body: string | undefined
  /** The name to ask for in TLS where it is not the URL's: the check's own, or that of a Host header, as in blackbox_exporter. */
  serverName: string | undefined
  /** Names of the headers that are meant for the target's host alone, and stay behind when a redirect leads elsewhere. */
  readonly forTarget: ReadonlySet<string>
  /** The redirects followed so far. */
  redirects: HttpFacts['redirects']
}

const defaultHeaders = {
  'user-agent': `Sonde/${version}`,
  accept: '*/*',
  'accept-encoding': 'gzip, br, deflate, zstd',
}

/** The request that a check begins with. */
export const firstRequest = onceFor((check: HttpCheck): HttpRequest => {
  const { method, body, auth, secretHeaders = [], tls } = check.http
  const own = Object.fromEntries(Object.entries(check.http.headers).map(([name, value]) => [name.toLowerCase(), value]))
  if (auth !== undefined) own['authorization'] = authorization(auth)
  const url = new URL(check.target)
  // A fragment is never sent.
  url.hash = ''
  const serverName = tls.serverName ?? own['host']?.replace(/:\d+$/, '')
  const marked = secretHeaders.map((name) => name.toLowerCase())
  const forTarget = new Set([...ofTheTarget, ...marked, ...Object.keys(own).filter(isSecretHeader)])
  return { url, method, headers: { ...defaultHeaders, ...own }, body, serverName, forTarget, redirects: [] }
})

const ofTheTarget = ['authorization', 'cookie', 'proxy-authorization', 'host']

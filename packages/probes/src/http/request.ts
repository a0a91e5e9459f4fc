import type { HttpCheck, HttpFacts } from '@sonde/core'
import { onceFor } from '../once-for.ts'
import { version } from '../version.ts'
import { authorization } from './secrets.ts'

export type HttpRequest = {
  readonly url: URL
  method: HttpCheck['http']['method']
  /** Names are lower-case. */
  headers: Record<string, string>
  body: string | undefined
  /** The name to ask for in TLS where it is not the URL's: that of a Host header, as in blackbox_exporter. */
  serverName: string | undefined
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
  const { method, body, auth } = check.http
  const own = Object.fromEntries(Object.entries(check.http.headers).map(([name, value]) => [name.toLowerCase(), value]))
  if (auth !== undefined) own['authorization'] = authorization(auth)
  const url = new URL(check.target)
  // A fragment is never sent.
  url.hash = ''
  const serverName = own['host']?.replace(/:\d+$/, '')
  return { url, method, headers: { ...defaultHeaders, ...own }, body, serverName, redirects: [] }
})

import type { HttpCheck } from '@sonde/core'
import { version } from '../version.ts'

export type HttpRequest = {
  url: URL
  method: HttpCheck['http']['method']
  /** Names are lower-case. */
  headers: Record<string, string>
  body: string | undefined
  /** The name to ask for in TLS where it is not the URL's: that of a Host header, as in blackbox_exporter. */
  serverName: string | undefined
  /** The redirects followed so far. */
  redirects: { status: number; location: string; ip: string | null }[]
}

const defaultHeaders = {
  'user-agent': `Sonde/${version}`,
  accept: '*/*',
  'accept-encoding': 'gzip, br, deflate, zstd',
}

export function firstRequest(check: HttpCheck): HttpRequest {
  const { method, body } = check.http
  const own = Object.fromEntries(Object.entries(check.http.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const url = new URL(check.target)
  // A fragment is never sent.
  url.hash = ''
  const serverName = own['host']?.replace(/:\d+$/, '')
  return { url, method, headers: { ...defaultHeaders, ...own }, body, serverName, redirects: [] }
}

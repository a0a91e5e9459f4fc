import { createLogger } from '@sonde/config'
import { createRegistry } from '@sonde/metrics'
import { freePort, freshDatabase } from '@sonde/testkit'
import { type ApiConfig, startApi } from './app.ts'

export const adminToken = 'an-admin-token-for-tests'

/** What the API says, with its body read. */
export type Answer = { status: number; type: string | null; headers: Headers; body: unknown }

export type TestApi = {
  url: string
  databaseUrl: string
  /** Asks below the root. A body that is a string goes as it is, anything else as JSON; both may have headers of their own. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
} & AsyncDisposable

/** A whole API on a database and a port of its own; leaving its scope ends it. */
export async function startTestApi(own: Partial<ApiConfig> = {}): Promise<TestApi> {
  const fresh = await freshDatabase()
  const config: ApiConfig = {
    databaseUrl: fresh.url,
    redisUrl: undefined,
    host: '127.0.0.1',
    port: await freePort(),
    adminToken,
    secretKey: undefined,
    metricsToken: undefined,
    metricsJob: undefined,
    egress: { deny: [], allow: [] },
    publicUrl: 'http://sonde.example',
    ...own,
  }
  const api = await startApi(config, createLogger('test', 'silent'), createRegistry())
  return {
    url: api.url,
    databaseUrl: fresh.url,
    ask: (method, path, body, headers = {}) => ask(`${api.url}${path}`, method, body, headers),
    [Symbol.asyncDispose]: async () => {
      await api.close()
      await fresh[Symbol.asyncDispose]()
    },
  }
}

async function ask(url: string, method: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== ''
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  }
}

import { createLogger, type Logger } from '@sonde/config'
import { createRegistry } from '@sonde/metrics'
import { type FreshDatabase, freePort, freshDatabase } from '@sonde/testkit'
import { type ApiConfig, startApi } from './app.ts'

export const adminToken = 'an-admin-token-for-tests'

/** What the API says, with its body read. */
export type Answer = { status: number; type: string | null; headers: Headers; body: unknown; text: string }

export type TestApi = {
  url: string
  database: FreshDatabase
  databaseUrl: string
  /** Asks below the root. A body that is a string goes as it is, anything else as JSON; both may have headers of their own. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Makes a token; answers the header that shows it. */
  token(scopes: string[], labels?: Record<string, string>): Promise<{ authorization: string }>
} & AsyncDisposable

/** A whole API on a database and a port of its own, or on the database that it is given; leaving its scope ends it. */
export async function startTestApi(
  own: Partial<ApiConfig> = {},
  options: { log?: Logger; database?: FreshDatabase } = {},
): Promise<TestApi> {
  const database = options.database ?? (await freshDatabase())
  const config: ApiConfig = {
    databaseUrl: database.url,
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
  const api = await startApi(config, options.log ?? createLogger('test', 'silent'), createRegistry())
  const askHere: TestApi['ask'] = (method, path, body, headers = {}) => ask(`${api.url}${path}`, method, body, headers)
  return {
    url: api.url,
    database,
    databaseUrl: database.url,
    ask: askHere,
    token: async (scopes, labels = {}) => {
      const made = await askHere('POST', '/api/v1/tokens', { name: `${scopes.join(' ')} of a test`, scopes, labels })
      return { authorization: `Bearer ${(made.body as { token: string }).token}` }
    },
    [Symbol.asyncDispose]: async () => {
      await api.close()
      if (options.database === undefined) await database[Symbol.asyncDispose]()
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
  const isJson = /[/+]json(;|$)/.test(response.headers.get('content-type') ?? '') && text !== ''
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
    text,
  }
}

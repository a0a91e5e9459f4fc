import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

export type Session = {
  /** One statement on the session's own connection: it fails as soon as that connection has gone. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
}

export type SessionOptions = {
  url: string
  name: string
  /** Channels to LISTEN on. */
  channels: string[]
  /** Runs on each new connection, after LISTEN: what was missed meanwhile must be read again here. */
  onConnect: (session: Session) => Promise<void>
  onNotification: (channel: string, payload: string) => void
  onLost: (error: Error) => void
  signal: AbortSignal
}

/**
 * Keeps one connection of its own open until `signal` aborts: for LISTEN and for advisory locks, which live and die with a
 * connection. A lost one is opened anew after a second, and a statement every 10 s finds a connection that died in silence.
 */
export async function keepSession(options: SessionOptions): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await oneSession(options)
    } catch (error) {
      if (options.signal.aborted) return
      options.onLost(error instanceof Error ? error : new Error(String(error)))
      await delay(1000, undefined, { signal: options.signal }).catch(() => undefined)
    }
  }
}

async function oneSession({ url, name, channels, onConnect, onNotification, signal }: SessionOptions): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    query_timeout: 10_000,
  })
  const { promise: broken, reject } = Promise.withResolvers<never>()
  broken.catch(() => undefined)
  client.on('error', reject)
  client.on('end', () => reject(new Error('PostgreSQL closed the connection')))
  client.on('notification', ({ channel, payload }) => onNotification(channel, payload ?? ''))
  try {
    await client.connect()
    for (const channel of channels) await client.query(`listen ${channel}`)
    await Promise.race([onConnect({ query: async (text, values) => (await client.query(text, values)).rows }), broken])
    while (!signal.aborted) {
      await Promise.race([delay(10_000, undefined, { signal }).catch(() => undefined), broken])
      if (!signal.aborted) await Promise.race([client.query('select 1'), broken])
    }
  } finally {
    client.removeAllListeners('notification')
    await Promise.race([client.end().catch(() => undefined), delay(1000)])
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { patience } from './connection.ts'
import type { Queryable } from './database.ts'
import * as schema from './schema.ts'

const silenceMs = 5000

export type Session = {
  /** The session's own connection: what is asked of it fails as soon as that connection has gone. */
  db: Queryable
  /** One statement on it. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  /** Aborts with the connection. */
  ended: AbortSignal
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
 * connection. A lost one is opened anew after a second, and a statement every 5 s finds a connection that died in silence.
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
    ...patience,
    // Sooner than elsewhere: who waits on a dead connection hears of nothing, and may hold what others wait for.
    query_timeout: silenceMs,
  })
  const { promise: broken, reject } = Promise.withResolvers<never>()
  broken.catch(() => undefined)
  const ended = new AbortController()
  const session: Session = {
    db: drizzle(client, { schema }),
    query: async (text, values) => (await client.query(text, values)).rows,
    ended: ended.signal,
  }
  client.on('error', reject)
  client.on('end', () => reject(new Error('PostgreSQL closed the connection')))
  client.on('notification', ({ channel, payload }) => onNotification(channel, payload ?? ''))
  try {
    await client.connect()
    for (const channel of channels) await client.query(`listen ${channel}`)
    await Promise.race([onConnect(session), broken])
    while (!signal.aborted) {
      await Promise.race([delay(silenceMs, undefined, { signal }).catch(() => undefined), broken])
      if (!signal.aborted) await Promise.race([client.query('select 1'), broken])
    }
  } finally {
    ended.abort()
    client.removeAllListeners('notification')
    await Promise.race([client.end().catch(() => undefined), delay(1000)])
  }
}

import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Channel,
  Check,
  channelAddressFields,
  channelSecretFields,
  mapChannelSecrets,
  mapSecrets,
  secretFields,
} from '@sonde/core'
import { migrate } from '@sonde/db'
import { migrateQueue, unpacked } from '@sonde/queue'
import { newSecretKey } from '@sonde/secrets'
import { freePort, freshDatabase, hasRedis, query, startRedisServer } from '@sonde/testkit'
import { selfSigned } from '@sonde/testkit/targets'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { canary, channels, checks, malformed, planted, wrongChanges } from './planted-secrets.ts'
import { rawClient } from './raw-client.ts'
import { sonde, until } from './sonde.ts'

// A secret in every field that may hold one; then whatever the system wrote, anywhere, is searched for each of them.

/** A server that says back whatever it was sent, in its headers, its redirects and its body. */
async function startMirror() {
  const heard: string[] = []
  const server = createServer((request, response) => {
    const said = JSON.stringify(request.headers)
    heard.push(said)
    response.setHeader(
      'x-mirror',
      Buffer.from(said)
        .toString('latin1')
        .replaceAll(/[^\x20-\x7e]/g, ''),
    )
    if (request.url === '/redirect') response.setHeader('location', `/end?seen=${encodeURIComponent(said)}`)
    response.statusCode = request.url === '/redirect' ? 302 : request.url?.startsWith('/hook') === true ? 400 : 200
    response.end(`${request.method} ${request.url} ${said}`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}`, heard, close: () => server.close() }
}

async function dump(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  let text = ''
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`)
    text += `${name}\n${rows.map(({ row }) => row).join('\n')}\n`
  }
  await client.end()
  return text
}

/** Everything that anybody sends to a Redis from now on. */
async function monitor(port: number, password: string) {
  const socket = connect({ port, host: '127.0.0.1' })
  const heard: string[] = []
  await once(socket, 'connect')
  socket.write(`AUTH ${password}\r\nMONITOR\r\n`)
  socket.on('data', (chunk) => heard.push(chunk.toString('latin1')))
  return { text: async () => heard.join(''), close: () => socket.destroy() }
}

/** Everything that is written to the tables of a queue that is in PostgreSQL from now on, also what is gone again at once. */
async function listenToQueue(url: string) {
  await query(
    url,
    'create schema heard',
    'create table heard.rows (row text)',
    `create function heard.note() returns trigger language plpgsql as $$
       begin insert into heard.rows values (new::text); return null; end $$`,
    `do $$ declare named regclass; begin
       for named in select oid::regclass from pg_class where relkind = 'r' and relnamespace = 'bullmq'::regnamespace loop
         execute format('create trigger heard after insert or update on %s for each row execute function heard.note()', named);
       end loop; end $$`,
  )
  return {
    text: async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      const { rows } = await client.query<{ row: string }>('select row from heard.rows')
      await client.end()
      return rows.map(({ row }) => row).join('\n')
    },
    close: () => undefined,
  }
}

/** A queue of the kind, what names it to Sonde, and all that anybody puts into it. */
async function startQueue(kind: 'Redis' | 'PostgreSQL', databaseUrl: string, stack: AsyncDisposableStack) {
  if (kind === 'PostgreSQL') {
    await migrate(databaseUrl, migrateQueue)
    return { env: {}, heard: await listenToQueue(databaseUrl), sign: 'probes.' }
  }
  const password = canary()
  const redis = await startRedisServer({ settings: { requirepass: password } })
  if (redis === null) throw new Error('redis-server did not start')
  stack.use(redis)
  const env = { REDIS_URL: `redis://:${password}@127.0.0.1:${redis.port}` }
  return { env, heard: await monitor(redis.port, password), sign: 'evalsha' }
}

/** What was heard, and all payloads in it that were packed, as they were. */
function withUnpacked(heard: string): string {
  const payloads = heard.matchAll(/deflated[\\"]+:\s*[\\"]+([A-Za-z0-9+/=]+)/g)
  return [heard, ...[...payloads].map(([, deflated]) => JSON.stringify(unpacked({ deflated })))].join('\n')
}

async function filesBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !['admin-token', 'secret-key'].includes(entry.name))
  return (await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')))).join('\n')
}

const queues = hasRedis() ? (['Redis', 'PostgreSQL'] as const) : (['PostgreSQL'] as const)

test('a secret is planted in every field that core takes for one', async () => {
  const key = await selfSigned({ subject: 'CN=client' })
  const mirror = { url: 'http://127.0.0.1:1', port: 1 }
  const visited = new Set<string>()
  const note = (secret: string, field: string) => (visited.add(field), secret)
  for (const check of checks(mirror, key)) mapSecrets(Check.parse(check), note)
  for (const channel of channels(mirror)) mapChannelSecrets(Channel.parse(channel), note)
  const headers = [...visited].filter((field) => field.includes('.headers.'))
  expect(headers).toEqual([
    'http.headers.X-Api-Key',
    'http.headers.Cookie',
    'http.headers.X-Tenant',
    'webhook.headers.Authorization',
  ])
  const fields = [...visited].filter((field) => !headers.includes(field))
  expect(fields.toSorted()).toEqual([...secretFields, ...channelSecretFields, ...channelAddressFields].toSorted())
})

describe('a secret in every field that may hold one', { timeout: 240_000 }, () => {
  test.each(queues)(
    'stands in clear in no table, queue (%s), log, metric, answer, export or complaint',
    async (kind) => {
      planted.length = 0
      const folder = await mkdtemp(join(tmpdir(), 'sonde-canaries-'))
      const [adminToken, databasePassword] = [canary('admin-token-'), canary()]
      const keyPem = await selfSigned({ subject: 'CN=client' })
      planted.push(...keyPem.key.split('\n').filter((line) => line.length > 40 && !line.startsWith('-')))
      await using database = await freshDatabase({ schema: 'none' })
      const role = `canary_${database.name}`
      await query(database.url, `create role ${role} superuser login password '${databasePassword}'`)
      const url = new URL(database.url)
      url.username = role
      url.password = databasePassword
      await using stack = new AsyncDisposableStack()
      const queue = await startQueue(kind, url.href, stack)
      const mirror = await startMirror()
      const said: [where: string, text: string][] = []
      try {
        const env = {
          DATABASE_URL: url.href,
          ...queue.env,
          SONDE_DATA_DIR: join(folder, 'data'),
          SONDE_PORT: String(await freePort()),
          SONDE_METRICS_PORT: String(await freePort()),
          SONDE_ADMIN_TOKEN: adminToken,
          SONDE_SECRET_KEY: newSecretKey(),
          SONDE_METRICS_TOKEN: canary('metrics-token-'),
          SONDE_DEADMAN_URL: `${mirror.url}/hook?switch=${canary()}`,
          SONDE_EGRESS_ALLOW: '127.0.0.0/8',
          SONDE_LOG_LEVEL: 'trace',
        }
        planted.push(env.SONDE_SECRET_KEY)
        const base = `http://127.0.0.1:${env.SONDE_PORT}`
        {
          await using up = sonde(['up'], { env, cwd: folder })
          await until(async () => up.output().includes('Sonde is up at'), 120_000, up.output)
          const client = rawClient(base, adminToken)
          const ask = async (method: string, path: string, body?: unknown) => {
            const response = await fetch(`${base}/api/v1${path}`, {
              method,
              headers: {
                authorization: `Bearer ${adminToken}`,
                ...(body === undefined ? {} : { 'content-type': 'application/json' }),
              },
              ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
            })
            said.push([`${method} ${path}`, await response.text()])
            return response.status
          }
          const made = await fetch(`${base}/api/v1/tokens`, {
            method: 'POST',
            headers: {
              authorization: `Bearer ${adminToken}`,
              'content-type': 'application/json',
              // Its answer is kept, and holds the token.
              'idempotency-key': canary(),
            },
            body: JSON.stringify({ name: 'team', scopes: ['read'] }),
          })
          const { token } = (await made.json()) as { token: string }
          planted.push(token.slice(-39))
          await fetch(`${base}/api/v1/checks`, { headers: { authorization: `Bearer ${token}` } })
          for (const channel of channels(mirror)) {
            expect(await ask('POST', '/channels', channel), channel.key).toBe(201)
            await ask('POST', `/channels/${channel.key}/test`)
          }
          for (const check of checks(mirror, keyPem)) expect(await ask('POST', '/checks', check), check.key).toBe(201)
          for (const [path, body] of malformed(mirror))
            expect(await ask('POST', path, body), JSON.stringify(body)).toBe(400)

          await until(
            async () => ((await client.ask('GET', '/checks/icmp/results')).body.items as unknown[]).length > 2,
            60_000,
            up.output,
          )
          const open = async () =>
            ((await client.ask('GET', '/incidents')).body as { items: unknown[] }).items.length >= 3
          await until(open, 60_000, up.output)
          await until(async () => mirror.heard.some((text) => text.includes('webhook-signature')), 60_000, up.output)
          for (const key of ['basic', 'bearer', 'headers', 'tls', 'tcp']) {
            await ask('POST', `/checks/${key}/run`)
            await ask('PATCH', `/checks/${key}`, { interval: '2s' })
            for (const part of ['', '/results', '/status', '/series']) await ask('GET', `/checks/${key}${part}`)
          }
          for (const [method, path, body] of wrongChanges()) expect(await ask(method, path, body), path).toBe(400)
          await ask('POST', '/secrets/rotate')
          for (const path of [
            '/checks',
            '/channels',
            '/incidents',
            '/certificates',
            '/slo',
            '/notifications',
            '/maintenance',
            '/silences',
            '/regions',
            '/tokens',
            '/export',
            '/audit?limit=1000',
            '/audit/export',
            '/openapi.json',
            '/secrets',
          ]) {
            await ask('GET', path)
          }
          for (const path of ['/metrics', '/readyz']) {
            const headers = { authorization: `Bearer ${env.SONDE_METRICS_TOKEN}` }
            const answer = await fetch(`${base}${path}`, { headers })
            expect(answer.status, path).toBe(200)
            said.push([path, await answer.text()])
          }
          await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${canary()}` } })
          await until(async () => up.output().includes('took no ping'), 60_000, up.output)
          said.push(['tables while it runs', await dump(database.url)])
          await up[Symbol.asyncDispose]()
          said.push(['logs', up.output()])
        }
        const heardInQueue = withUnpacked(await queue.heard.text())
        said.push(['tables', await dump(database.url)], ['queue', heardInQueue], ['files', await filesBelow(folder)])

        // It was used: a target that was not sent a secret would have nothing to repeat.
        const heard = mirror.heard.join('\n')
        const { auth } = (checks({ url: '', port: 1 }, keyPem)[1] as { http: { auth: object } }).http
        expect(auth).toBeDefined()
        expect(heard).toContain('c4n4ry')
        expect(heardInQueue).toContain('sealed:v1:')
        expect(heardInQueue).toContain(queue.sign)
        for (const [where, text] of said) {
          const found = planted.find((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
          const place =
            found === undefined ? '' : text.slice(Math.max(0, text.indexOf(found) - 300), text.indexOf(found) + 60)
          expect(found, `${where}: …${place}`).toBeUndefined()
          expect(
            text.includes('c4n4ry'),
            `${where}: …${text.slice(Math.max(0, text.indexOf('c4n4ry') - 300)).slice(0, 400)}`,
          ).toBe(false)
        }
      } finally {
        queue.heard.close()
        mirror.close()
        await rm(folder, { recursive: true, force: true })
        await query(
          database.url,
          `reassign owned by ${role} to current_user`,
          `drop owned by ${role}`,
          `drop role ${role}`,
        )
      }
    },
  )
})

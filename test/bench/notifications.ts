import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createLogger } from '@sonde/config'
import { Channel, explain, foldResults } from '@sonde/core'
import {
  createChannel,
  createCheck,
  ensureRegions,
  findCheck,
  ingest,
  makePartitions,
  migrate,
  openDatabase,
} from '@sonde/db'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@sonde/db/embedded'
import { startIngester } from '@sonde/ingester'
import { createRegistry } from '@sonde/metrics'
import { startNotifier } from '@sonde/notifier'
import { migrateQueue, openQueues, resultsQueue } from '@sonde/queue'
import { aCheck, aResult, freePort } from '@sonde/testkit'
import { startTcpServer } from '@sonde/testkit/targets'
import { startWorker } from '@sonde/worker'
import { sql } from 'drizzle-orm'
import { percentile, table } from './statistics.ts'

// How long it takes from the slot that decides an incident, in a result that is written at that instant, to the receiver's having the
// message: one incident at a time, as on most days, and then as many at once as a large outage opens. Then with an ingester and workers
// that look closer at what is down: at what they see at once, at what keeps silent to them too, and with many at once.
const { values: options } = parseArgs({
  options: { incidents: { type: 'string', default: '200' }, burst: { type: 'string', default: '200' } },
})
const single = Number(options.incidents)
const burst = Number(options.burst)

const regions = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6']

const folder = mkdtempSync(join(tmpdir(), 'sonde-bench-'))
chmodSync(folder, 0o711)
const dataDir = join(folder, 'data')
const server = await startEmbeddedPostgres({ dataDir, log: () => undefined })
try {
  await run(server.url)
} finally {
  await server.stop()
  await removeEmbeddedPostgres({ dataDir, cluster: server.cluster })
  rmSync(folder, { recursive: true, force: true })
}

async function run(databaseUrl: string): Promise<void> {
  await using stack = new AsyncDisposableStack()
  await migrate(databaseUrl, migrateQueue)
  const database = openDatabase(databaseUrl, { name: 'bench', onError: () => undefined })
  stack.defer(database.close)
  const { db } = database
  await ensureRegions(db, ['local', ...regions])
  await makePartitions(db, Date.now())
  const arrivedAt = new Map<string, number>()
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: { incident: { checkKey: string } } }
      arrivedAt.set(data.incident.checkKey, Date.now())
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  stack.defer(() => {
    receiver.closeAllConnections()
    receiver.close()
  })
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  await createChannel(db, Channel.parse({ key: 'ops', kind: 'webhook', webhook: { url } }))
  const notifier = await startNotifier(
    {
      databaseUrl,
      secretKey: undefined,
      egress: { deny: [], allow: [] },
      publicUrl: 'http://sonde.example',
      grafanaUrl: undefined,
      deadmanUrl: undefined,
    },
    createLogger('bench', 'error'),
    createRegistry(),
  )
  stack.defer(notifier.close)
  const checks = await Promise.all(
    Array.from({ length: single + burst }, async (_, index) => {
      const check = aCheck({ key: `check-${index}`, alerts: { failureThreshold: 1, channels: ['ops'] } })
      await createCheck(db, check)
      return { id: (await findCheck(db, check.key))?.id ?? 0, check }
    }),
  )
  const down = { outcome: 'down', error: explain('tcp_refused', 'nothing listens') } as const
  const item = ({ id, check }: (typeof checks)[number], atMs: number) => ({
    checkId: id,
    result: aResult(check, atMs, down),
  })
  const delays: number[] = []
  for (const one of checks.slice(0, single)) {
    const atMs = Date.now()
    await ingest(db, [item(one, atMs)], foldResults, atMs)
    await until(() => arrivedAt.has(one.check.key))
    delays.push((arrivedAt.get(one.check.key) ?? 0) - atMs)
  }
  const many = checks.slice(single)
  const atMs = Date.now()
  await ingest(
    db,
    many.map((one) => item(one, atMs)),
    foldResults,
    atMs,
  )
  await until(() => many.every(({ check }) => arrivedAt.has(check.key)))
  const burstDelays = many.map(({ check }) => (arrivedAt.get(check.key) ?? 0) - atMs)
  const looked = await withWorkers()
  const row = (name: string, all: number[]) => [
    name,
    String(all.length),
    ...[50, 99, 100].map((of) => `${percentile(all, of).toFixed(0)} ms`),
  ]
  console.log(
    table(
      ['from the slot to the receiver', 'incidents', 'p50', 'p99', 'worst'],
      [row('one at a time', delays), row('all at once', burstDelays), ...looked.map(([name, all]) => row(name, all))],
    ),
  )

  async function withWorkers(): Promise<[string, number[]][]> {
    const queue = { kind: 'postgres', url: databaseUrl } as const
    const silent = createLogger('bench', 'error')
    const keptMs = 86_400_000
    const retention = { rawMs: keptMs, fiveMinutesMs: keptMs, hoursMs: keptMs, daysMs: undefined, incidentsMs: keptMs }
    const ingester = await startIngester({ databaseUrl, redisUrl: undefined, retention }, silent, createRegistry())
    stack.defer(ingester.close)
    for (const region of regions) {
      const evidence = { resolvers: [], trace: true }
      const most = { concurrency: 50, admittedAtMost: 50 }
      const own = { region, queue, egress: { deny: [], allow: [] }, secretKey: undefined, ...most, evidence }
      const worker = await startWorker(own, silent, createRegistry())
      stack.defer(async () => void (await worker.close()))
    }
    const queues = openQueues(queue, console.error)
    stack.defer(() => queues.close())
    await sleep(2000)
    const deaf = stack.use(await startTcpServer())
    const targets = { refused: `http://127.0.0.1:${await freePort()}/`, deaf: `https://127.0.0.1:${deaf.port}/` }

    /** A check of each of these numbers fails in one of the regions: how long until the receiver knows. */
    async function fail(name: string, target: string, numbers: number[]): Promise<number[]> {
      const made = await Promise.all(
        numbers.map(async (number) => {
          // Of each the others say nothing, and are not waited for.
          const alerts = { failureThreshold: 1, regions: 'any' as const, channels: ['ops'] }
          const check = aCheck({ key: `${name}-${number}`, target, alerts })
          await createCheck(db, check)
          return {
            id: (await findCheck(db, check.key))?.id ?? 0,
            check,
            region: regions[number % regions.length] ?? '',
          }
        }),
      )
      const slotMs = Date.now()
      const items = made.map(({ id, check, region }) => ({
        checkId: id,
        result: { ...aResult(check, slotMs, down), region },
      }))
      for (let from = 0; from < items.length; from += 64)
        await queues.send(resultsQueue, [{ data: { type: 'results', items: items.slice(from, from + 64) } }])
      await until(() => made.every(({ check }) => arrivedAt.has(check.key)))
      return made.map(({ check }) => (arrivedAt.get(check.key) ?? 0) - slotMs)
    }

    const quick: number[] = []
    const slow: number[] = []
    for (let number = 0; number < 5 * regions.length; number++)
      quick.push(...(await fail('refused', targets.refused, [number])))
    for (let number = 0; number < 4 * regions.length; number++)
      slow.push(...(await fail('deaf', targets.deaf, [number])))
    const numbers = Array.from({ length: burst }, (_, index) => index)
    // Of a region ten incidents a minute are looked at: those so far are of minutes ago.
    await db.execute(sql`update incidents set opened_at = opened_at - interval '5 minutes'`)
    const many = await fail('many', targets.deaf, numbers)
    const { rows } = await db.execute(
      sql`select from incidents where about->>'key' like 'many-%' and jsonb_array_length(evidence->'asked') > 0`,
    )
    return [
      ['looked closer at, one at a time', quick],
      ['the same, and it keeps silent', slow],
      [`all at once, and ${rows.length} looked closer at`, many],
    ]
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !condition(); await sleep(1)) {
    if (Date.now() > deadline) throw new Error('messages did not come within a minute')
  }
}

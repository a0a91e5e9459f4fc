import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import { Channel, type Evidence, explain } from '@sonde/core'
import {
  createChannel,
  createCheck,
  ensureRegions,
  findCheck,
  listIncidents,
  makePartitions,
  openDatabase,
  readEvidence,
} from '@sonde/db'
import { startIngester } from '@sonde/ingester'
import { createRegistry } from '@sonde/metrics'
import { startNotifier } from '@sonde/notifier'
import { openQueues, resultsQueue } from '@sonde/queue'
import { aCheck, aResult, freePort, freshDatabase } from '@sonde/testkit'
import { startTcpServer } from '@sonde/testkit/targets'
import { startWorker } from '@sonde/worker'
import { expect, test } from 'vitest'

const log = createLogger('test', 'silent')
const dayMs = 86_400_000

test('when a check goes down, the worker of its region looks closer, what it saw is kept, and the first message tells it', async () => {
  await using stack = new AsyncDisposableStack()
  const fresh = stack.use(await freshDatabase())
  const database = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  stack.defer(database.close)
  const { db } = database
  await ensureRegions(db, ['local'])
  await makePartitions(db, Date.now())
  const heard: string[] = []
  const chat = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      heard.push(Buffer.concat(chunks).toString())
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(chat, 'listening')
  stack.defer(() => {
    chat.closeAllConnections()
    chat.close()
  })
  const url = `http://127.0.0.1:${(chat.address() as AddressInfo).port}/`
  await createChannel(db, Channel.parse({ key: 'ops', kind: 'slack', slack: { url } }))
  const retention = { rawMs: dayMs, fiveMinutesMs: dayMs, hoursMs: dayMs, daysMs: undefined, incidentsMs: dayMs }
  const queue = { kind: 'postgres', url: fresh.url } as const
  const ingester = await startIngester(
    { databaseUrl: fresh.url, redisUrl: undefined, retention },
    log,
    createRegistry(),
  )
  stack.defer(ingester.close)
  const egress = { deny: [], allow: [] }
  const worker = await startWorker(
    {
      region: 'local',
      queue,
      egress,
      secretKey: undefined,
      concurrency: 10,
      admittedAtMost: 10,
      evidence: { resolvers: [], trace: true },
    },
    log,
    createRegistry(),
  )
  stack.defer(async () => void (await worker.close()))
  const notifier = await startNotifier(
    {
      databaseUrl: fresh.url,
      secretKey: undefined,
      egress,
      publicUrl: 'http://sonde.example',
      grafanaUrl: undefined,
      deadmanUrl: undefined,
    },
    log,
    createRegistry(),
  )
  stack.defer(notifier.close)
  const queues = openQueues(queue, () => undefined)
  stack.defer(() => queues.close())
  const until = async (condition: () => boolean | Promise<boolean>, what: string) => {
    for (let tries = 0; !(await condition()); tries++) {
      if (tries > 600) throw new Error(`${what}: not within 30 s`)
      await sleep(50)
    }
  }
  // Of a region that nobody is heard of nobody waits for evidence.
  await until(async () => (await db.query.workers.findMany()).length > 0, 'a worker')

  /** Has a check of this target fail now, and answers its first message. */
  async function fail(key: string, target: string) {
    const alerts = { failureThreshold: 1, channels: ['ops'] }
    const check = aCheck({ key, target, interval: '10s', timeout: '1s', alerts })
    await createCheck(db, check)
    const { id } = (await findCheck(db, key)) ?? { id: 0 }
    const down = { outcome: 'down', error: explain('http_timeout', 'no answer') } as const
    const items = [{ checkId: id, result: aResult(check, Date.now(), down) }]
    await queues.send(resultsQueue, [{ data: { type: 'results', items } }])
    const message = () => heard.find((text) => text.includes(`DOWN: ${key}`))
    await until(() => message() !== undefined, 'a message')
    return message() ?? ''
  }

  /** What was seen, once the worker is done. */
  async function seen(key: string) {
    let opening: Record<string, Evidence> | undefined
    await until(async () => {
      const incident = (await listIncidents(db, { limit: 10 })).find(({ checkKey }) => checkKey === key)
      opening = (await readEvidence(db, incident?.id ?? ''))?.['opening'] as typeof opening
      return opening?.['local']?.partial === false
    }, 'the evidence')
    return opening
  }

  const server = stack.use(await startTcpServer())
  expect(await fail('silent', `http://127.0.0.1:${server.port}/`)).toContain(
    'Seen at opening: connecting to 127.0.0.1 works',
  )
  // It takes connections and says nothing: so the target is there, and what answers behind it is not.
  expect(await seen('silent')).toMatchObject({
    local: { region: 'local', families: [{ family: 4, outcome: 'up' }], chain: null },
  })
  expect(await fail('refused', `http://127.0.0.1:${await freePort()}/`)).toContain(
    'Seen at opening: connecting to 127.0.0.1 fails (tcp_refused)',
  )
  // What keeps silent to the worker as well is told without: nobody waits for five seconds.
  expect(await fail('deaf', `https://127.0.0.1:${server.port}/`)).not.toContain('Seen at opening')
})

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { dnsForgeries, dnsMisdeeds, type Misdeed, startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'

const timeoutMs = 300
// The deadline is kept far closer than this; a machine that runs other tests besides may be late.
const slackMs = 400

const probe = (server: string, timeout = `${timeoutMs}ms`) =>
  probeDocument({ kind: 'dns', target: 'shop.example', timeout, dns: { servers: [server] } })

/** Over UDP; what it sends for the nth query, again and again for as long as it runs when `repeated`. */
async function startForger(forge: (query: Buffer, nth: number) => Buffer, repeated = 1) {
  const socket = createSocket('udp4')
  let count = 0
  let open = true
  socket.on('error', () => {})
  socket.on('message', (query, { port, address }) => {
    const answer = forge(query, count++)
    for (let sent = 0; sent < repeated && open; sent++) socket.send(answer, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    [Symbol.dispose]: () => {
      open = false
      socket.close()
    },
  }
}

const startMisdoer = (pick: (nth: number) => Misdeed | undefined) => {
  let count = 0
  return startTcpServer((socket) => {
    socket.on('error', () => {})
    const misdeed = pick(count++)
    socket.once('data', () => misdeed?.(socket))
  })
}

test.each(Object.entries(dnsForgeries))('keeps the deadline with a server that sends %s', async (_, forge) => {
  using forger = await startForger(forge, 20)
  const result = await probe(`udp://127.0.0.1:${forger.port}`)
  expect(result.error?.code).toMatch(/^dns_(?:timeout|malformed|nodata)$/)
  expect(result.durationMs).toBeLessThan(timeoutMs + slackMs)
  await using server = await startTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (query: Buffer) => {
      const answer = forge(query.subarray(2))
      socket.write(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 0xff]), answer]))
    })
  })
  const overTcp = await probe(`tcp://127.0.0.1:${server.port}`)
  expect(overTcp.error?.code).toMatch(/^dns_(?:timeout|malformed|nodata)$/)
  expect(overTcp.durationMs).toBeLessThan(timeoutMs + slackMs)
})

test.each(Object.entries(dnsMisdeeds))('keeps the deadline with a server over TCP that %s', async (_, misdeed) => {
  await using server = await startMisdoer(() => misdeed)
  const result = await probe(`tcp://127.0.0.1:${server.port}`)
  expect(result.error?.code).toMatch(/^dns_(?:timeout|malformed|unreachable)$/)
  expect(result.durationMs).toBeLessThan(timeoutMs + slackMs)
})

test('memory stays flat under a thousand hostile servers at once', async () => {
  const forgeries = Object.values(dnsForgeries)
  const misdeeds = Object.values(dnsMisdeeds)
  using forger = await startForger((query, nth) => forgeries[nth % forgeries.length]?.(query) ?? query)
  await using server = await startMisdoer((nth) => misdeeds[nth % misdeeds.length])
  const attack = async (): Promise<number> => {
    const probes = Array.from({ length: 1000 }, (_, index) => {
      return probe(index % 2 === 0 ? `udp://127.0.0.1:${forger.port}` : `tcp://127.0.0.1:${server.port}`, '1s')
    })
    const results = await Promise.all(probes)
    expect(results.filter(({ outcome }) => outcome !== 'down')).toEqual([])
    return usedMiB()
  }
  // The first time fills what stays: compiled code, buffers that are used again.
  await attack()
  const before = await attack()
  const after = await attack()
  expect(after - before).toBeLessThan(100)
})

function usedMiB(): number {
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 / 1024
}

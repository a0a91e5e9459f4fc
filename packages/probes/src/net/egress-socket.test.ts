import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { Check } from '@sonde/core'
import { startDnsServer, startHttpServer, startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probe } from '../probe.ts'
import { type EgressPolicy, egressPolicy } from './egress.ts'

const deny = egressPolicy({ deny: ['127.0.0.0/8', '::1'], allow: [] })

function probing(document: object, egress: EgressPolicy = deny) {
  const check = Check.parse({ key: 'a', timeout: '2s', ...document })
  return probe(check, { region: 'test', slot: new Date(), egress })
}

test.each([
  ['http', (port: number) => ({ target: `http://127.0.0.1:${port}/` })],
  ['http', (port: number) => ({ target: `http://2130706433:${port}/` })],
  ['http', (port: number) => ({ target: `https://0x7f000001:${port}/` })],
  ['http', (port: number) => ({ target: `http://[::ffff:7f00:1]:${port}/` })],
  ['http', (port: number) => ({ target: `http://localhost:${port}/` })],
  ['tls', (port: number) => ({ target: `127.0.0.1:${port}` })],
  ['tls', (port: number) => ({ target: `017700000001:${port}` })],
  ['tcp', (port: number) => ({ target: `localhost:${port}` })],
  ['tcp', (port: number) => ({ target: `127.1:${port}` })],
  ['tcp', (port: number) => ({ target: `0.0.0.0:${port}`, tcp: { send: 'x' } })],
])('a denied address is not connected to: %s', async (kind, document) => {
  await using server = await startTcpServer()
  const result = await probing({ kind, ...document(server.port) })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'egress_denied', phase: 'connect' } })
  expect(server.connections()).toBe(0)
})

test('a redirect to a denied address is not followed there', async () => {
  await using secret = await startTcpServer(undefined, { host: '127.0.0.2' })
  await using server = await startHttpServer((_, response) => {
    response.writeHead(302, { location: `http://127.0.0.2:${secret.port}/latest/meta-data/` }).end()
  })
  const policy = egressPolicy({ deny: ['127.0.0.2'], allow: [] })
  const result = await probing({ kind: 'http', target: server.url }, policy)
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'egress_denied' }, http: { status: 302 } })
  expect(secret.connections()).toBe(0)
})

test.each(['http://169.254.169.254/', 'http://2852039166/', 'http://[fd00:ec2::254]/', 'http://[::ffff:a9fe:a9fe]/'])(
  'a redirect to the metadata service is not followed: %s',
  async (location) => {
    await using server = await startHttpServer((_, response) => void response.writeHead(307, { location }).end())
    const result = await probing({ kind: 'http', target: server.url }, egressPolicy({ deny: [], allow: [] }))
    expect(result).toMatchObject({ outcome: 'down', error: { code: 'egress_denied' } })
  },
)

test.each(['A', 'AAAA'] as const)(
  'a name that leads to a denied address is looked up, and no further: %s',
  async (type) => {
    await using dns = await startDnsServer(({ name, type: asked }) => ({
      answers:
        asked === type ? [{ name, type, ttl: 1, data: type === 'A' ? '169.254.169.254' : '64:ff9b::a9fe:a9fe' }] : [],
    }))
    const http = { resolvers: [`127.0.0.1:${dns.port}`] }
    const policy = egressPolicy({ deny: [], allow: [] })
    const result = await probing({ kind: 'http', target: 'http://metadata.example/', http }, policy)
    expect(result).toMatchObject({ outcome: 'down', error: { code: 'egress_denied' }, phases: { tlsMs: null } })
  },
)

test('a denied resolver of a check is not asked', async () => {
  const asked: string[] = []
  await using dns = await startDnsServer(({ name }) => {
    asked.push(name)
    return {}
  })
  const http = { resolvers: [`127.0.0.1:${dns.port}`] }
  const result = await probing({ kind: 'http', target: 'http://shop.example/', http })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'egress_denied' } })
  expect(asked).toEqual([])
})

test('a denied DNS server is sent nothing', async () => {
  const socket = createSocket('udp4')
  let packets = 0
  socket.on('message', () => packets++)
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const servers = [`udp://127.0.0.1:${socket.address().port}`]
  const result = await probing({ kind: 'dns', target: 'example.org', dns: { servers } })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'egress_denied' } })
  // Its own packet comes through, so that one of the probe would have come before it.
  const own = createSocket('udp4')
  own.send('x', socket.address().port, '127.0.0.1')
  await once(socket, 'message')
  own.close()
  socket.close()
  expect(packets).toBe(1)
})

test.each([
  'tcp://127.0.0.1:PORT',
  'tcp://2130706433:PORT',
  'tls://localhost:PORT',
  'https://127.0.0.1:PORT/dns-query',
])('a denied DNS server is not connected to: %s', async (server) => {
  await using listening = await startTcpServer()
  const servers = [server.replace('PORT', String(listening.port))]
  const result = await probing({ kind: 'dns', target: 'example.org', dns: { servers } })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'egress_denied', phase: 'connect' } })
  expect(listening.connections()).toBe(0)
})

import { Authority, startTcpServer, startTlsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'

test('is up once the connection stands, and says nothing', async () => {
  await using server = await startTcpServer((socket) => socket.on('error', () => {}))
  const result = await probeDocument({ kind: 'tcp', target: `127.0.0.1:${server.port}` })
  expect(result).toMatchObject({ outcome: 'up', ip: '127.0.0.1', tcp: { received: null } })
})

test('finds the expected pattern in a banner that comes in pieces', async () => {
  await using server = await startTcpServer((socket) => {
    socket.write('220 mail.exa')
    setTimeout(() => socket.end('mple ESMTP\r\n'), 30)
  })
  const result = await probeDocument({
    kind: 'tcp',
    target: `127.0.0.1:${server.port}`,
    tcp: { expect: '^220 .*ESMTP' },
  })
  expect(result).toMatchObject({ outcome: 'up', tcp: { received: '220 mail.example ESMTP\r\n' } })
})

test.each([
  [
    'UTF-8, in two pieces',
    'größe ✓',
    [Buffer.from('größe ✓').subarray(0, 3), Buffer.from('größe ✓').subarray(3)],
    'größe ✓',
  ],
  [
    'octets that are no text',
    '^\\x16\\xff.\\x02$',
    [Buffer.from([0x16, 0xff, 0x80, 0x02])],
    '\u0016\u00ff\u0080\u0002',
  ],
])('expects and shows %s', async (_, expected, pieces, received) => {
  await using server = await startTcpServer((socket) => {
    socket.setNoDelay(true)
    pieces.forEach((piece, index) => setTimeout(() => socket.write(piece), index * 20))
  })
  const result = await probeDocument({
    kind: 'tcp',
    target: `127.0.0.1:${server.port}`,
    tcp: { expect: expected },
  })
  expect(result).toMatchObject({ outcome: 'up', tcp: { received } })
})

test('sends before it expects', async () => {
  await using server = await startTcpServer((socket) => socket.on('data', (data) => socket.write(`+${String(data)}`)))
  const result = await probeDocument({
    kind: 'tcp',
    target: `127.0.0.1:${server.port}`,
    tcp: { send: 'PING', expect: 'PING$' },
  })
  expect(result).toMatchObject({ outcome: 'up', tcp: { received: '+PING' } })
})

test('another answer, and then silence, is tcp_expect', async () => {
  await using server = await startTcpServer((socket) => socket.write('500 no\r\n'))
  const result = await probeDocument({
    kind: 'tcp',
    target: `127.0.0.1:${server.port}`,
    timeout: '300ms',
    tcp: { expect: '^220' },
  })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tcp_expect', phase: 'tcp' } })
  expect(result.error?.message).toContain('500 no')
})

test('a service that closes first is tcp_closed', async () => {
  await using server = await startTcpServer((socket) => socket.end('bye'))
  const result = await probeDocument({ kind: 'tcp', target: `127.0.0.1:${server.port}`, tcp: { expect: '^220' } })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tcp_closed', phase: 'tcp' } })
})

test('the diagnosis names the address and what was expected', async () => {
  await using server = await startTcpServer((socket) => socket.end('500 no\r\n'))
  const result = await probeDocument({ kind: 'tcp', target: `127.0.0.1:${server.port}`, tcp: { expect: '^220' } })
  expect(result.error?.cause).toBe(
    'The service at 127.0.0.1 closed the connection before it answered with what the check expects (^220).',
  )
})

test('finds what comes at the end of much that came before, an octet at a time', async () => {
  await using server = await startTcpServer((socket) => {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.write('x'.repeat(5000))
    Array.from('needle').forEach((letter, index) => setTimeout(() => socket.write(letter), 30 + index))
  })
  const result = await probeDocument({ kind: 'tcp', target: `127.0.0.1:${server.port}`, tcp: { expect: 'needle$' } })
  expect(result).toMatchObject({ outcome: 'up' })
  expect(result.durationMs).toBeLessThan(500)
})

test('sends and expects over TLS, with its phase and its chain', async () => {
  const authority = await Authority.create()
  const leaf = await authority.issue()
  await using server = await startTlsServer(leaf, (socket) => socket.end('220 mail.example\r\n'))
  const tcp = { expect: '^220', tls: { caPem: authority.cert } }
  const result = await probeDocument({ kind: 'tcp', target: `localhost:${server.port}`, tcp })
  expect(result).toMatchObject({ outcome: 'up', tls: { authorized: true }, tcp: { received: '220 mail.example\r\n' } })
  expect(result.phases.tlsMs).toBeGreaterThan(0)
})

test.each([
  ['TLSv1.2', {}],
  ['TLSv1.3', {}],
  ['TLSv1.3', { send: 'PING\r\n', expect: 'PONG' }],
] as const)('tells a service that wants a client certificate, in %s with %j', async (maxVersion, dialogue) => {
  const authority = await Authority.create()
  const wanting = { requestCert: true, rejectUnauthorized: true, ca: authority.cert, maxVersion }
  await using server = await startTlsServer({ ...(await authority.issue()), ...wanting })
  const tcp = { ...dialogue, tls: { caPem: authority.cert } }
  const result = await probeDocument({ kind: 'tcp', target: `localhost:${server.port}`, tcp })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_client_cert_required', phase: 'tls' } })
})

test('a service that never stops sending is cut off', async () => {
  await using server = await startTcpServer((socket) => {
    socket.on('error', () => {})
    const flood = setInterval(() => socket.write('x'.repeat(65_536)), 1)
    socket.on('close', () => clearInterval(flood))
  })
  const result = await probeDocument({ kind: 'tcp', target: `127.0.0.1:${server.port}`, tcp: { expect: 'needle' } })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tcp_expect' } })
  expect(result.tcp?.received).toHaveLength(1024)
})

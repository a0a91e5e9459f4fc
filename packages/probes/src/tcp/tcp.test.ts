import { startTcpServer } from '@sonde/testkit/targets'
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

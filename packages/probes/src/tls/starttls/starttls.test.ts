import type { Socket } from 'node:net'
import { starttlsProtocols } from '@sonde/core'
import {
  Authority,
  startStarttlsServer,
  startTcpServer,
  starttlsRefusals,
  starttlsScripts,
} from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeDocument } from '../../probe.fixture.ts'

const root = await Authority.create()
const leaf = await root.issue()

const probeStarttls = (port: number, starttls: string, timeout = '2s') =>
  probeDocument({ kind: 'tls', target: `localhost:${port}`, timeout, tls: { starttls, caPem: root.cert } })

test.each(starttlsProtocols)('turns %s to TLS and judges what comes then', async (protocol) => {
  await using server = await startStarttlsServer(starttlsScripts[protocol], leaf)
  const result = await probeStarttls(server.port, protocol)
  expect(result).toMatchObject({
    outcome: 'up',
    error: null,
    tls: { authorized: true, chain: [{ subject: 'CN=localhost' }] },
  })
  expect(result.phases).toMatchObject({ connectMs: expect.any(Number), tlsMs: expect.any(Number) })
})

test.each([
  ['smtp', 'offers no STARTTLS (STARTTLS of smtp): 250-mail.example 250 HELP'],
  ['imap', 'refuses STARTTLS (STARTTLS of imap): a1 BAD no such command'],
  ['pop3', 'refuses STLS (STARTTLS of pop3): -ERR unknown command'],
  ['ftp', 'refuses AUTH TLS (STARTTLS of ftp): 502 not implemented'],
  ['ldap', 'refuses StartTLS (STARTTLS of ldap): result code 2, unsupported extended operation'],
  ['postgres', 'has TLS switched off (STARTTLS of postgres): N'],
  ['mysql', 'has TLS switched off (STARTTLS of mysql): version 8.0.36'],
  ['xmpp', 'offers no STARTTLS (STARTTLS of xmpp): <stream:features><mechanisms'],
] as const)('tells a server of %s that does not, in its own words', async (protocol, message) => {
  await using server = await startStarttlsServer(starttlsRefusals[protocol], leaf)
  const result = await probeStarttls(server.port, protocol)
  expect(result).toMatchObject({
    outcome: 'down',
    error: { code: 'tls_not_tls', phase: 'tls', message: expect.stringContaining(message) },
    tls: null,
  })
})

test.each([
  ['says nothing', () => {}, 'The server did not turn to TLS (STARTTLS of smtp) in time.'],
  [
    'hangs up',
    (socket: Socket) => socket.end(),
    'The server ended the connection before it turned to TLS (STARTTLS of smtp).',
  ],
  [
    'is busy',
    (socket: Socket) => socket.end('421 busy\r\n'),
    'The server does not turn to TLS by STARTTLS of smtp (421 busy).',
  ],
])('the diagnosis of a server that %s speaks of what came before TLS', async (_, onConnection, cause) => {
  await using server = await startTcpServer((socket) => void onConnection(socket))
  const result = await probeStarttls(server.port, 'smtp', '200ms')
  expect(result.error?.cause).toBe(cause)
})

test.each(starttlsProtocols)('tells a server that speaks HTTP where %s was expected', async (protocol) => {
  await using server = await startTcpServer((socket) =>
    socket.write('HTTP/1.1 400 Bad Request\r\n\r\n<html></html>\r\n'),
  )
  const result = await probeStarttls(server.port, protocol, '300ms')
  expect(result).toMatchObject({ outcome: 'down', tls: null })
  // XMPP has no end by which to see that it will not come.
  expect(result.error?.code).toBe(protocol === 'xmpp' ? 'tls_timeout' : 'tls_not_tls')
})

const flood = (socket: Socket, text: string): void => {
  const timer = setInterval(() => socket.write(text), 1)
  socket.on('close', () => clearInterval(timer))
}

test.each(starttlsProtocols)('ends in time when the server of %s drips, and early when it floods', async (protocol) => {
  await using silent = await startTcpServer((socket) => flood(socket, protocol === 'postgres' ? '' : ' '))
  const startMs = performance.now()
  const result = await probeStarttls(silent.port, protocol, '300ms')
  expect(performance.now() - startMs).toBeLessThan(400)
  expect(result.error?.code).toMatch(/^tls_(?:timeout|not_tls)$/)
  for (const text of ['220-x\r\n'.repeat(100), 'x'.repeat(20_000), '\u007f'.repeat(20_000), '* a\r\n'.repeat(1000)]) {
    await using loud = await startTcpServer((socket) => flood(socket, text))
    const flooded = await probeStarttls(loud.port, protocol)
    expect(flooded).toMatchObject({ outcome: 'down', error: { code: 'tls_not_tls' } })
    expect(flooded.durationMs).toBeLessThan(1000)
  }
})

test.each(['end', 'resetAndDestroy'] as const)('tells a connection that is lost before TLS: %s', async (how) => {
  await using server = await startTcpServer((socket) => {
    socket.write('220 ready\r\n')
    socket.once('data', () => socket[how]())
  })
  const message = `the server ${how === 'end' ? 'closed' : 'reset'} the connection before TLS began (STARTTLS of smtp)`
  expect(await probeStarttls(server.port, 'smtp')).toMatchObject({ error: { code: 'tls_reset', message } })
})

test('takes nothing that was sent in plain text for what comes under TLS', async () => {
  const injected = [...starttlsScripts.smtp.slice(0, -1), { after: /^STARTTLS/, say: '220 go\r\n250 injected\r\n' }]
  await using server = await startStarttlsServer(injected, leaf)
  expect(await probeStarttls(server.port, 'smtp')).toMatchObject({
    error: { code: 'tls_not_tls', message: 'the server sent 14 bytes more before TLS began (STARTTLS of smtp)' },
  })
})

test('tells a server that agrees and then does not speak TLS', async () => {
  await using server = await startTcpServer((socket) => {
    socket.write('+OK ready\r\n')
    socket.on('data', () => socket.write('+OK but no\r\n'))
  })
  expect(await probeStarttls(server.port, 'pop3')).toMatchObject({ error: { code: 'tls_not_tls' } })
})

import { createSecureContext } from 'node:tls'
import { Check } from '@sonde/core'
import { Authority, startTlsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { egressPolicy } from '../net/egress.ts'
import { probe } from '../probe.ts'
import { ago, ahead } from './tls.fixture.ts'

const root = await Authority.create({ subject: 'CN=Test Root' })
const intermediate = await root.intermediate()
const leaf = await intermediate.issue()
const good = [leaf.cert, intermediate.cert]
const egress = egressPolicy({ deny: [], allow: [] })

/** A server that sends the certificates it is told to, and a probe of it. */
async function startSwapping(key: string) {
  let chain: string[] = []
  let hellos = 0
  const server = await startTlsServer({
    ...leaf,
    SNICallback: (_, done) => {
      hellos += 1
      done(null, createSecureContext({ cert: chain.join('\n'), key }))
    },
  })
  const target = `localhost:${server.port}`
  return {
    probe: async (send: string[], tls: object = {}, laterMs = 0) => {
      chain = send
      const before = hellos
      const check = Check.parse({ key: 'test', kind: 'tls', target, timeout: '3s', tls: { caPem: root.cert, ...tls } })
      const now = () => Date.now() + laterMs
      const result = await probe(check, { region: 'test', slot: new Date(now()), egress, now })
      return { ...result, handshakes: hellos - before }
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

test('a chain that is known takes one handshake, and so does one that has never been good', async () => {
  await using server = await startSwapping(leaf.key)
  for (const _ of [1, 2, 3]) {
    const result = await server.probe(good)
    expect(result).toMatchObject({ outcome: 'up', handshakes: 1, tls: { authorized: true, chain: [{}, {}] } })
  }
  for (const _ of [1, 2]) {
    expect(await server.probe([leaf.cert, root.cert], { serverName: 'localhost.' })).toMatchObject({
      error: { code: 'tls_incomplete_chain' },
    })
  }
  expect((await server.probe([leaf.cert, root.cert])).handshakes).toBe(1)
})

test('an intermediate that a known server leaves out is missed at once', async () => {
  await using server = await startSwapping(leaf.key)
  await server.probe(good)
  const result = await server.probe([leaf.cert])
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'tls_incomplete_chain' }, handshakes: 2 })
  // What the connection before took is not counted twice.
  const { connectMs, tlsMs } = result.phases
  expect((connectMs ?? 0) + (tlsMs ?? 0)).toBeLessThan(result.durationMs ?? 0)
  expect(await server.probe([leaf.cert])).toMatchObject({ error: { code: 'tls_incomplete_chain' }, handshakes: 1 })
  expect(await server.probe(good)).toMatchObject({ outcome: 'up', handshakes: 1 })
  expect(await server.probe(good)).toMatchObject({ outcome: 'up', handshakes: 1 })
})

test('the certificate of a stranger is not trusted because the last one was', async () => {
  const stranger = await Authority.create({ subject: 'CN=Test Root' })
  const forged = await stranger.issue()
  await using server = await startSwapping(leaf.key)
  await using other = await startSwapping(forged.key)
  await server.probe(good)
  expect(await other.probe([forged.cert])).toMatchObject({ outcome: 'down', tls: { authorized: false } })
  expect(await server.probe([leaf.cert, intermediate.cert, stranger.cert])).toMatchObject({ handshakes: 2 })
})

test('what one check trusts says nothing of another’s authorities', async () => {
  const stranger = await Authority.create({ subject: 'CN=Stranger' })
  await using server = await startSwapping(leaf.key)
  await server.probe(good)
  for (const _ of [1, 2]) {
    expect(await server.probe(good, { caPem: stranger.cert })).toMatchObject({
      error: { code: 'tls_untrusted_root' },
      handshakes: 1,
    })
  }
  expect(await server.probe(good)).toMatchObject({ outcome: 'up', handshakes: 1 })
})

test('a known chain expires like any other, and so does its root, which is not sent', async () => {
  const hourMs = 3_600_000
  const short = await intermediate.issue({ notAfter: ahead(1.5 / 24) })
  await using server = await startSwapping(short.key)
  const chain = [short.cert, intermediate.cert]
  for (const _ of [1, 2]) expect(await server.probe(chain)).toMatchObject({ outcome: 'up', handshakes: 1 })
  expect(await server.probe(chain, {}, 2 * hourMs)).toMatchObject({ error: { code: 'tls_expired' } })

  const old = await Authority.create({ subject: 'CN=Old Root', notBefore: ago(9), notAfter: ahead(0.5 / 24) })
  const below = await old.issue()
  await using ending = await startSwapping(below.key)
  const caPem = old.cert
  for (const _ of [1, 2]) expect(await ending.probe([below.cert], { caPem })).toMatchObject({ outcome: 'up' })
  expect(await ending.probe([below.cert], { caPem }, 0.75 * hourMs)).toMatchObject({
    error: { code: 'tls_expired', message: expect.stringContaining('trusted root `CN=Old Root`') },
  })
})

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { Authority } from '@sonde/testkit/targets'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeliveryContext, DeliveryError } from '../delivery.ts'
import { aNotification } from '../notification.fixture.ts'
import { deliverEmail } from './email.ts'

const trusted = getCACertificates('default')
let authority: Authority
let leaf: { cert: string; key: string }
beforeAll(async () => {
  authority = await Authority.create()
  leaf = await authority.issue({ names: ['mail.test'] })
  setDefaultCACertificates([...trusted, authority.cert])
})
afterAll(() => setDefaultCACertificates(trusted))

const context = (own: Partial<DeliveryContext> = {}): DeliveryContext => ({
  egress: { denies: () => undefined },
  lookup: async () => [{ address: '127.0.0.1', family: 4 }],
  signal: AbortSignal.timeout(5000),
  ...own,
})

async function startMail(options: SMTPServerOptions = {}) {
  const mails: { text: string; secure: boolean; user: string | undefined }[] = []
  const server = new SMTPServer({
    ...leaf,
    authOptional: true,
    onAuth: ({ username, password }, _, done) =>
      password === 'right' ? done(null, { user: username ?? '' }) : done(new Error('no such user')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push({ text: Buffer.concat(chunks).toString(), secure: session.secure, user: session.user })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    mails,
    port,
    [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())),
  }
}

const settings = (port: number, login = '') => ({
  smtp: `smtp://${login}mail.test:${port}`,
  from: 'sonde@a.example',
  to: ['ops@b.example'],
})

const failure = (work: Promise<void>) =>
  work.then(
    () => expect.unreachable('it was taken'),
    (error: DeliveryError) => error,
  )

test('STARTTLS is used where it is offered, the name is held against the certificate, and the login follows', async () => {
  await using server = await startMail()
  await deliverEmail(aNotification(), settings(server.port, 'sonde:right@'), context())
  expect(server.mails).toMatchObject([{ secure: true, user: 'sonde' }])
})

test('a certificate for another name is not believed', async () => {
  await using server = await startMail()
  const other = { ...settings(server.port), smtp: `smtp://other.test:${server.port}` }
  const error = await failure(deliverEmail(aNotification(), other, context()))
  expect(error.message).toMatch(/altnames|does not match/)
  expect(error.retryable).toBe(true)
  expect(server.mails).toEqual([])
})

test('a password is not sent where STARTTLS is not offered', async () => {
  await using server = await startMail({ disabledCommands: ['STARTTLS'] })
  const error = await failure(deliverEmail(aNotification(), settings(server.port, 'sonde:right@'), context()))
  expect(error.message).toMatch(/STARTTLS|TLS/)
  expect(server.mails).toEqual([])
})

test('a relay without TLS and without login takes mail', async () => {
  await using server = await startMail({ disabledCommands: ['STARTTLS', 'AUTH'] })
  await deliverEmail(aNotification(), settings(server.port), context())
  expect(server.mails).toMatchObject([{ secure: false }])
})

test('a wrong password is given up at once, a server that is busy is not', async () => {
  await using server = await startMail()
  const wrong = await failure(deliverEmail(aNotification(), settings(server.port, 'sonde:wrong@'), context()))
  expect(wrong).toMatchObject({ retryable: false, message: expect.stringContaining('no such user') as string })
  await using busy = await startMail({
    onMailFrom: (_, __, done) => done(Object.assign(new Error('come back later'), { responseCode: 451 })),
  })
  const later = await failure(deliverEmail(aNotification(), settings(busy.port), context()))
  expect(later).toMatchObject({ retryable: true, message: expect.stringContaining('come back later') as string })
})

test('the address that was judged is the one that is dialled, whatever the name says later', async () => {
  await using server = await startMail()
  let asked = 0
  const lookup = async () => [{ address: ++asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 as const }]
  await deliverEmail(aNotification(), settings(server.port), context({ lookup }))
  expect([asked, server.mails.length]).toEqual([1, 1])
})

test('a denied address is not dialled', async () => {
  let connections = 0
  const server = createServer(() => connections++).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const egress = { denies: (address: string) => (address === '127.0.0.1' ? '127.0.0.1 is denied' : undefined) }
  const error = await failure(deliverEmail(aNotification(), settings(port), context({ egress })))
  expect(error).toMatchObject({ retryable: false, message: 'mail.test: 127.0.0.1 is denied' })
  expect(connections).toBe(0)
  server.close()
})

test('a server that never greets is left when the time is over', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const began = performance.now()
  const error = await failure(
    deliverEmail(aNotification(), settings(port), context({ signal: AbortSignal.timeout(300) })),
  )
  expect(error.retryable).toBe(true)
  expect(performance.now() - began).toBeLessThan(3000)
  server.close()
})

test('every attempt has the same Message-ID, and what belongs to one incident is one thread', async () => {
  await using server = await startMail()
  const opened = aNotification()
  const resolved = { ...aNotification({ type: 'incident.resolved' }), id: '6f1c2a5e-0000-4000-8000-000000000009' }
  for (const one of [opened, opened, resolved]) await deliverEmail(one, settings(server.port), context())
  const ids = server.mails.map(({ text }) => /^Message-ID: (<.*>)/im.exec(text)?.[1])
  expect(ids[0]).toBe(`<${opened.id}@a.example>`)
  expect(ids[1]).toBe(ids[0])
  expect(ids[2]).not.toBe(ids[0])
  const threads = new Set(server.mails.map(({ text }) => /^References: (<.*>)/im.exec(text)?.[1]))
  expect(threads).toEqual(new Set([`<incident.${opened.incident.id}@a.example>`]))
  for (const header of [/^Auto-Submitted: auto-generated/im, /^List-ID: /im, /^Subject: DOWN: shop/m]) {
    expect(server.mails[0]?.text).toMatch(header)
  }
})

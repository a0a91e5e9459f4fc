import { createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { KeyPair } from './certificates.ts'
import { listen } from './listening.ts'
import type { TcpServer } from './tcp-server.ts'

/** One turn of a dialogue: what the server says once the client has said what matches. */
type Turn = { after?: RegExp; say: string | Buffer }
export type StarttlsScript = readonly Turn[]

const mysqlGreeting = (capabilities: number): Buffer => {
  const payload = Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.36\0'),
    Buffer.alloc(13),
    Buffer.from([capabilities & 0xff, capabilities >> 8, 45, 2, 0, 0, 0, 21]),
    Buffer.alloc(10 + 13),
  ])
  return Buffer.concat([Buffer.from([payload.length, 0, 0, 0]), payload])
}
const stream =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1'>"
const ldapResult = (code: number, said = ''): Buffer =>
  Buffer.concat([
    Buffer.from([0x30, 12 + said.length, 2, 1, 1, 0x78, 7 + said.length, 0x0a, 1, code, 4, 0, 4, said.length]),
    Buffer.from(said),
  ])

/** How servers of each protocol turn to TLS, after their RFCs. */
export const starttlsScripts = {
  smtp: [
    { say: '220-mail.example ESMTP\r\n220 ready\r\n' },
    { after: /^EHLO \[.+\]\r\n$/, say: '250-mail.example\r\n250-SIZE 1000\r\n250-STARTTLS\r\n250 HELP\r\n' },
    { after: /^STARTTLS\r\n$/, say: '220 go ahead\r\n' },
  ],
  imap: [
    { say: '* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n' },
    { after: /^a1 STARTTLS\r\n$/, say: '* CAPABILITY IMAP4rev1\r\na1 OK begin\r\n' },
  ],
  pop3: [{ say: '+OK ready\r\n' }, { after: /^STLS\r\n$/, say: '+OK begin\r\n' }],
  ftp: [{ say: '220-Welcome\r\n any text\r\n220 ready\r\n' }, { after: /^AUTH TLS\r\n$/, say: '234 go\r\n' }],
  ldap: [{ after: /1\.3\.6\.1\.4\.1\.1466\.20037$/, say: ldapResult(0) }],
  postgres: [{ after: /^\0\0\0\u0008\u0004\u00d2\u0016\/$/, say: 'S' }],
  mysql: [{ say: mysqlGreeting(0xffff) }, { after: /^ \0\0\u0001[^]{32}/, say: '' }],
  xmpp: [
    {
      after: /<stream:stream to='[^']+'[^>]*>/,
      say: `${stream}<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>`,
    },
    { after: /^<starttls xmlns='[^']+'\/>$/, say: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
  ],
} satisfies Record<string, StarttlsScript>

/** What servers of each protocol say that have TLS switched off. */
export const starttlsRefusals = {
  smtp: [{ say: '220 ready\r\n' }, { after: /^EHLO/, say: '250-mail.example\r\n250 HELP\r\n' }],
  imap: [{ say: '* OK ready\r\n' }, { after: /^a1/, say: 'a1 BAD no such command\r\n' }],
  pop3: [{ say: '+OK ready\r\n' }, { after: /^STLS/, say: '-ERR unknown command\r\n' }],
  ftp: [{ say: '220 ready\r\n' }, { after: /^AUTH/, say: '502 not implemented\r\n' }],
  ldap: [{ after: /./, say: ldapResult(2, 'unsupported extended operation') }],
  postgres: [{ after: /./, say: 'N' }],
  mysql: [{ say: mysqlGreeting(0xf7ff) }],
  xmpp: [{ after: /<stream:stream[^>]*>/, say: `${stream}<stream:features><mechanisms xmlns='x'/></stream:features>` }],
} satisfies Record<keyof typeof starttlsScripts, StarttlsScript>

/** A server that goes through a script in plain text and then speaks TLS with this certificate. */
export async function startStarttlsServer(
  script: StarttlsScript,
  { cert, key, chain = [] }: KeyPair & { chain?: string[] },
): Promise<TcpServer> {
  const secureContext = createSecureContext({ cert: [cert, ...chain].join('\n'), key })
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    goThrough(script, socket, () => {
      new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {}).resume()
    })
  })
  const { host, port, close } = await listen(server)
  return { host, port, connections: () => connections, [Symbol.asyncDispose]: close }
}

function goThrough(script: StarttlsScript, socket: Socket, done: () => void): void {
  let heard = ''
  let next = 0
  const advance = (): void => {
    for (let turn = script[next]; turn !== undefined; turn = script[next]) {
      const found = turn.after?.exec(heard)
      if (found === null) return
      if (found !== undefined) heard = heard.slice(found.index + found[0].length)
      next += 1
      socket.write(turn.say)
    }
    socket.off('data', onData)
    socket.pause()
    // MySQL's client does not wait for an answer: its ClientHello may have come already.
    if (heard !== '') socket.unshift(Buffer.from(heard, 'latin1'))
    done()
  }
  const onData = (data: Buffer): void => {
    heard += data.toString('latin1')
    advance()
  }
  socket.on('data', onData)
  advance()
}

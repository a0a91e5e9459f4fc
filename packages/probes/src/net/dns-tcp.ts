import { connect } from 'node:net'
import { abortError, codeOf, isOurFault, onAbort, TargetFailure } from '../failure.ts'
import type { ProbeContext } from '../kind.ts'
import { type Query, type Reply, readReply } from './dns-message.ts'
import { type DnsServer, serverText } from './dns-server.ts'

/** Asks the same question over TCP, each message behind its length in two octets (RFC 1035 4.2.2). */
export function askOverTcp(query: Query, server: DnsServer, context: ProbeContext): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port, noDelay: true, autoSelectFamily: false })
    let received = Buffer.alloc(0)
    const settle = (done: () => void): void => {
      listening[Symbol.dispose]()
      socket.destroy()
      done()
    }
    const fail = (code: 'dns_unreachable' | 'dns_malformed', text: string): void =>
      settle(() => reject(new TargetFailure(code, `${serverText(server)} ${text}`)))
    const listening = onAbort(context.signal, () => {
      socket.destroy()
      const { name, type } = query.question
      const where = serverText(server)
      reject(
        abortError(
          context.signal,
          'dns_timeout',
          (timeout) => `no answer for ${name} ${type} from ${where} over TCP within ${timeout}`,
        ),
      )
    })
    const length = Buffer.alloc(2)
    length.writeUInt16BE(query.packet.length)
    socket.once('connect', () => socket.write(Buffer.concat([length, query.packet])))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      const reply = readReply(query, received.subarray(2, 2 + received.readUInt16BE(0)))
      if (reply === undefined || typeof reply === 'string') {
        fail('dns_malformed', `sent ${reply ?? 'the answer to another question'} over TCP`)
      } else {
        settle(() => resolve(reply))
      }
    })
    socket.once('end', () => fail('dns_malformed', `closed the TCP connection after ${received.length} bytes`))
    socket.once('error', (error) => {
      if (isOurFault(error)) settle(() => reject(error))
      else fail('dns_unreachable', `cut its answer over UDP and cannot be asked over TCP: ${codeOf(error)}`)
    })
  })
}

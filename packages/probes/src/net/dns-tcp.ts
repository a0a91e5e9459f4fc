import { connect } from 'node:net'
import type { ProbeContext } from '../kind.ts'
import type { Query, Reply } from './dns-message.ts'
import { type DnsServer, serverText } from './dns-server.ts'
import { askOnStream } from './dns-stream.ts'

/** Asks the same question over a TCP connection of its own (RFC 7766). Throws as `askOnStream` does. */
export async function askOverTcp(query: Query, server: DnsServer, context: ProbeContext): Promise<Reply> {
  const { address: host, port } = server
  const socket = connect({ host, port, noDelay: true, autoSelectFamily: false })
  // For errors that come when nobody listens any more.
  socket.on('error', () => {})
  try {
    return await askOnStream(query, socket, `tcp://${serverText(server)}`, context)
  } finally {
    socket.destroy()
  }
}

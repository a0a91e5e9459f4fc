import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'

/** Listens on a loopback address and a free port, and closes with every connection that is still open. */
export async function listen(
  server: Server,
  { host = '127.0.0.1', port = 0 }: { host?: string | undefined; port?: number | undefined } = {},
): Promise<{ host: string; port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    // A target's connections are broken on purpose more often than not.
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(port, host)
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    if (!server.listening) return
    server.close()
    await once(server, 'close')
  }
  return { host, port: (server.address() as AddressInfo).port, close }
}

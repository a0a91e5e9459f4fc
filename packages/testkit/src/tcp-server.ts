import { createServer, type Socket } from 'node:net'
import { listen } from './listening.ts'

export type TcpServer = AsyncDisposable & { host: string; port: number; connections: () => number }

/** A TCP server that does what it is told with each connection: nothing, garbage, a reset. */
export async function startTcpServer(
  onConnection: (socket: Socket) => void = () => {},
  options: { host?: string; port?: number } = {},
): Promise<TcpServer> {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    onConnection(socket)
  })
  const { host, port, close } = await listen(server, options)
  return { host, port, connections: () => connections, [Symbol.asyncDispose]: close }
}

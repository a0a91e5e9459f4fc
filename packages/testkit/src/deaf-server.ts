import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export type DeafServer = AsyncDisposable & { host: string; port: number }

// Listens, says where, and never looks at its queue of connections.
const program = `
const server = require('node:net').createServer()
server.listen({ port: 0, host: process.argv[1], backlog: 1 }, () => {
  require('node:fs').writeSync(1, server.address().port + '\\n')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})`

/** A port at which connection attempts are neither taken nor refused: a process whose queue is full and that accepts nobody. */
export async function startDeafServer({ host = '127.0.0.1' }: { host?: string } = {}): Promise<DeafServer> {
  const child = spawn(process.execPath, ['-e', program, host], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(line.toString())
  const waiting = await fillQueue(host, port)
  const dispose = async (): Promise<void> => {
    for (const socket of waiting) socket.destroy()
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return { host, port, [Symbol.asyncDispose]: dispose }
}

/** Connects until a connection hangs: how long a queue really is, the system decides. */
async function fillQueue(host: string, port: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (let taken = true; taken; ) {
    const socket = connect({ host, port })
    socket.on('error', () => {})
    sockets.push(socket)
    taken = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 200)),
    ])
  }
  return sockets
}

import { Socket } from 'node:net'
import { atOnce, type Opener } from './connect.ts'

// As many as one process may well have open in one moment.
const maxClosed = 64
const closed: Socket[] = []

/**
 * A TCP connection that nothing is written to or read from. Its socket is one that was connected before and has closed, where there
 * is one: Node lets such a socket connect again, and to make a new one costs a process that has just been woken 4 % of the probe.
 * So whoever is done with it destroys it, and does not look at it after it has closed.
 */
export const bare: Opener<Socket> = {
  open: (to, port) => (closed.pop() ?? reusable()).connect(atOnce(to, port)),
  isTimed: false,
}

function reusable(): Socket {
  const socket = new Socket()
  socket.on('close', (failed: boolean) => {
    // What came was read by nobody, and would be read as the next one's.
    if (failed || socket.readableLength > 0 || closed.length === maxClosed) return
    socket.removeAllListeners('connect')
    socket.removeAllListeners('error')
    closed.push(socket)
  })
  return socket
}

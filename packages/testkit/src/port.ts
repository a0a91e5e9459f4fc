import { connect } from 'node:net'

// One for all, where the embedded database has it.
export { freePort } from '@sonde/db/embedded'

/** Whether a connection to this port of 127.0.0.1 opens. */
export async function listens(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port })
  try {
    return await new Promise((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
  } finally {
    socket.destroy()
  }
}

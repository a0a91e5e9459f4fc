import { createServer } from 'node:net'

/** A loopback TCP port that nobody listens on now, for servers that cannot be told to choose one themselves. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', resolve)
  })
  const address = probe.address()
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}

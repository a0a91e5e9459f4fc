import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type TcpProxy = {
  port: number
  /** Where connections made from now on lead. */
  target: number
  /** Connections break, and new ones are refused: a server that is down. */
  cut(): void
  /** Connections stay and nothing passes any more, in either direction: a network that swallows packets. */
  freeze(): void
  /**
   * The connections of this moment carry nothing ever again, and neither end hears of it, while new ones pass: what is left when a
   * firewall forgets its connections.
   */
  halfOpen(): void
  /** Lets everything pass again. What was frozen goes on where it stopped. */
  heal(): void
} & AsyncDisposable

/** A TCP proxy on loopback that breaks connections in the ways networks do. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  let state: 'open' | 'cut' | 'frozen' = 'open'
  const pairs = new Set<[Socket, Socket]>()
  const lost = new Set<[Socket, Socket]>()
  const server = createServer((client) => {
    if (state === 'cut') return client.resetAndDestroy()
    const upstream = connect({ host: '127.0.0.1', port: proxy.target, noDelay: true })
    const pair: [Socket, Socket] = [client, upstream]
    pairs.add(pair)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause()
      })
      to.on('drain', () => {
        if (state !== 'frozen' && !lost.has(pair)) from.resume()
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        // The other end of a lost one is not to hear of it.
        if (pairs.delete(pair)) to.destroy()
      })
      if (state === 'frozen') from.pause()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    target,
    cut: () => {
      state = 'cut'
      for (const [client, upstream] of pairs) for (const socket of [client, upstream]) socket.resetAndDestroy()
    },
    freeze: () => {
      state = 'frozen'
      for (const [client, upstream] of pairs) for (const socket of [client, upstream]) socket.pause()
    },
    halfOpen: () => {
      for (const pair of pairs) {
        lost.add(pair)
        for (const socket of pair) socket.pause()
      }
      pairs.clear()
    },
    heal: () => {
      state = 'open'
      for (const [client, upstream] of pairs) for (const socket of [client, upstream]) socket.resume()
    },
    [Symbol.asyncDispose]: async () => {
      proxy.cut()
      for (const pair of lost) for (const socket of pair) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}

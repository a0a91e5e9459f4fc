import type { Socket } from 'node:net'
import { Authority, dnsMisdeeds, httpMisdeeds, type Misdeed, startTcpServer, tlsMisdeeds } from '@sonde/testkit/targets'

// Every misdeed that the testkit knows, each on a port of its own, in a process of its own: what these servers cost is none of
// the prober's time. Tells the parent the port of each, by kind and name.
const root = await Authority.create()
const all: Record<string, Record<string, Misdeed>> = {
  http: httpMisdeeds(),
  tls: await tlsMisdeeds(await root.issue()),
  dns: dnsMisdeeds,
}
const ports: { kind: string; name: string; port: number }[] = []
for (const [kind, misdeeds] of Object.entries(all)) {
  for (const [name, misdeed] of Object.entries(misdeeds)) {
    const { port } = await startTcpServer((socket: Socket) => {
      socket.on('error', () => {})
      socket.once('data', () => misdeed(socket))
    })
    ports.push({ kind, name, port })
  }
}
process.send?.(ports)
process.on('disconnect', () => process.exit())
process.on('SIGTERM', () => process.exit())

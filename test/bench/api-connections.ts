import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { rssMiB } from './process.ts'
import { percentile, table } from './statistics.ts'

const wanted = 10_000
const atOnce = 500

/**
 * Opens 10,000 connections that say nothing, from several addresses of loopback, and asks on one that was open before while they
 * are: what is held, what the API takes of memory, how it answers, and when others may come again.
 */
export async function measureConnections(url: string, token: string, pid: number): Promise<void> {
  const { hostname, port } = new URL(url)
  const open = (index: number) =>
    connect({ host: hostname, port: Number(port), localAddress: `127.0.0.${2 + (index % 8)}` })
  const before = open(0)
  await once(before, 'connect')
  const rssBefore = rssMiB(pid)
  const first = await asked(before, token)

  const sockets: Socket[] = []
  const began = performance.now()
  for (let from = 0; from < wanted; from += atOnce) {
    const some = Array.from({ length: atOnce }, (_, index) => open(from + index))
    for (const socket of some) socket.on('error', () => undefined).resume()
    await Promise.all(
      some.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined)),
    )
    sockets.push(...some)
  }
  const openedMs = performance.now() - began
  await sleep(500)
  const held = sockets.filter((socket) => !socket.destroyed).length
  const took: number[] = []
  for (let index = 0; index < 50; index += 1) took.push(await asked(before, token))
  const rssDuring = rssMiB(pid)

  const fresh = performance.now()
  while (!(await answersAnew(url)) && performance.now() - fresh < 30_000) await sleep(100)
  const againMs = performance.now() - began
  for (const socket of sockets) socket.destroy()
  before.destroy()
  console.log(`\n${wanted} connections that say nothing, opened in ${openedMs.toFixed(0)} ms\n`)
  console.log(
    table(
      ['connections', ''],
      [
        ['held at once', String(held)],
        ['answer on one that was open before, ms', first.toFixed(1)],
        ['the same while they are held, p50', percentile(took, 50).toFixed(1)],
        ['at worst', percentile(took, 100).toFixed(1)],
        ['resident before, MiB', rssBefore.toFixed(0)],
        ['while they are held, MiB', rssDuring.toFixed(0)],
        ['until a new one is answered again, s', (againMs / 1000).toFixed(1)],
      ],
    ),
  )
}

/** One request on an open connection; answers how long it took. */
async function asked(socket: Socket, token: string): Promise<number> {
  const began = performance.now()
  socket.write(`GET /api/v1/checks?limit=1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  if (!answer.toString('latin1').startsWith('HTTP/1.1 200')) throw new Error(answer.toString('latin1').slice(0, 300))
  return performance.now() - began
}

async function answersAnew(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/healthz`, { headers: { connection: 'close' } }).catch(() => undefined)
  return answer?.status === 200
}

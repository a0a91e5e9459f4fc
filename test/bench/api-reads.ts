import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const agent = new Agent({ keepAlive: true, maxSockets: 32 })

/** Reads one path of the API; answers how long it took, to the last byte, and how much came. */
export type Read = (path: string) => Promise<{ tookMs: number; bytes: number }>

export function reader(url: string, token: string): Read {
  return (path) => {
    const { promise, resolve, reject } = Promise.withResolvers<{ tookMs: number; bytes: number }>()
    const began = performance.now()
    get(`${url}/api/v1/${path}`, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let bytes = 0
      let head = ''
      response.on('data', (part: Buffer) => {
        if (bytes === 0) head = part.toString('utf8', 0, 200)
        bytes += part.length
      })
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve({ tookMs: performance.now() - began, bytes })
        else reject(new Error(`${path} answered ${response.statusCode}: ${head}`))
      })
    }).on('error', reject)
    return promise
  }
}

/** So many reads a second, evenly, of these paths in turn, whether the ones before are answered or not; answers how long each took. */
export async function readAtRate(
  read: Read,
  paths: readonly string[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<number[]> {
  const tookMs: number[] = []
  const asked: Promise<unknown>[] = []
  const began = performance.now()
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const waitMs = began + (index * 1000) / perSecond - performance.now()
    if (waitMs > 1) await sleep(waitMs)
    asked.push(read(paths[index % paths.length] ?? '').then((one) => tookMs.push(one.tookMs)))
  }
  await Promise.all(asked)
  return tookMs
}

export function endReads(): void {
  agent.destroy()
}

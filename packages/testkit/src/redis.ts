import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { keeperScript } from '@sonde/db/embedded'
import { inject } from 'vitest'
import { freePort } from './port.ts'

export type RedisServer = { url: string; port: number; stop(): Promise<void> } & AsyncDisposable
export type FreshRedis = { url: string } & AsyncDisposable

type RedisOptions = { port?: number; settings?: Record<string, string | number>; file?: string }

/** More than any run has test files; each takes the next number. */
const databases = 4096

/** Whether this machine has Redis. Its tests say `describe.skipIf(!hasRedis())`. */
export function hasRedis(): boolean {
  return inject('redisUrl') !== null
}

/** An empty database of one's own on the run's Redis. Leaving its scope empties it. */
export async function freshRedis(): Promise<FreshRedis> {
  const serverUrl = inject('redisUrl')
  if (serverUrl === null) throw new Error('there is no redis-server here: apt-get install redis-server')
  const port = Number(new URL(serverUrl).port)
  // Number 0 counts those given away; test files run in processes of their own.
  const number = Number((await redisCommand(port, ['INCR given'])).at(-1)?.slice(1)) % databases
  const empty = () => redisCommand(port, [`SELECT ${number}`, 'FLUSHDB'])
  await empty()
  return {
    url: `${serverUrl}/${number}`,
    [Symbol.asyncDispose]: async () => void (await empty()),
  }
}

class EndedAtOnce extends Error {}

/** Between the finding of a free port and its use somebody else may take it: a server that ends at once is started again, with others. */
export async function onFreePorts<Server>(start: () => Promise<Server>): Promise<Server> {
  for (let left = 2; ; left--) {
    try {
      return await start()
    } catch (error) {
      if (left === 0 || !(error instanceof EndedAtOnce)) throw error
    }
  }
}

/**
 * Starts a Redis that forgets everything when it ends, or null where `redis-server` is not installed. `settings` are lines of
 * redis.conf; a file goes before them, as Sentinel wants it.
 */
export async function startRedisServer(options: RedisOptions = {}): Promise<RedisServer | null> {
  if (spawnSync('redis-server', ['--version']).error !== undefined) return null
  if (options.port !== undefined) return startOn(options.port, options)
  return onFreePorts(async () => startOn(await freePort(), options))
}

async function startOn(port: number, options: RedisOptions): Promise<RedisServer> {
  const memory = { databases, save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction' }
  const usual = options.file === undefined ? memory : {}
  const settings = { bind: '127.0.0.1', port, ...usual, ...options.settings }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const file = options.file === undefined ? [] : [options.file, '--sentinel']
  // The keeper ends the server with this process, however that ends.
  const keeper = spawn('/bin/sh', ['-c', keeperScript, 'keeper', 'redis-server', ...file, ...args], {
    cwd: '/tmp',
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const exited = once(keeper, 'exit')
  await untilAnswers(port, () => keeper.exitCode !== null)
  const stop = async () => {
    keeper.stdin.end()
    await exited
  }
  return { url: `redis://127.0.0.1:${port}`, port, stop, [Symbol.asyncDispose]: stop }
}

async function untilAnswers(port: number, ended: () => boolean): Promise<void> {
  for (;;) {
    const answer = await redisCommand(port, ['PING']).catch((error: Error) => [error.message])
    // One that wants a login first answers too.
    if (answer[0] === '+PONG' || answer[0]?.startsWith('redis: NOAUTH') === true) return
    if (ended()) throw new EndedAtOnce(`redis-server ended before it took connections on port ${port}`)
    await sleep(20)
  }
}

/** Sends inline commands whose answers are one line each to a Redis on 127.0.0.1, and throws when one is an error. */
async function redisCommand(port: number, commands: string[]): Promise<string[]> {
  const socket: Socket = connect({ host: '127.0.0.1', port })
  try {
    await once(socket, 'connect')
    socket.write(commands.map((one) => `${one}\r\n`).join(''))
    let answer = ''
    for await (const chunk of socket) {
      answer += String(chunk)
      if (answer.split('\r\n').length > commands.length) break
    }
    const lines = answer.split('\r\n').slice(0, commands.length)
    const fault = lines.find((line) => line.startsWith('-'))
    if (fault !== undefined) throw new Error(`redis: ${fault.slice(1)}`)
    return lines
  } finally {
    socket.destroy()
  }
}

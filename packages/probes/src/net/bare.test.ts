import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { bare } from './bare.ts'

const loopback = { address: '127.0.0.1', family: 4 as const }

async function connected(port: number): Promise<Socket> {
  const socket = bare.open(loopback, port)
  await once(socket, 'connect')
  return socket
}

async function close(socket: Socket): Promise<void> {
  socket.destroy()
  await once(socket, 'close')
}

test('a socket that has closed connects again, to another server, and tells those before nothing', async () => {
  await using one = await startTcpServer()
  await using other = await startTcpServer()
  const first = await connected(one.port)
  const heard: string[] = []
  first.on('connect', () => heard.push('connected')).on('error', () => heard.push('failed'))
  await close(first)
  const second = bare.open(loopback, other.port)
  expect(second).toBe(first)
  await once(second, 'connect')
  expect(second.remotePort).toBe(other.port)
  second.destroy(new Error('reset by its peer'))
  await expect(once(second, 'close')).rejects.toThrow('reset by its peer')
  expect(heard).toEqual([])
})

test('a socket that is open is nobody else’s', async () => {
  await using server = await startTcpServer()
  const sockets = [await connected(server.port), await connected(server.port)]
  expect(new Set(sockets).size).toBe(2)
  await Promise.all(sockets.map(close))
})

test('a socket that failed does not connect again', async () => {
  const gone = await startTcpServer()
  await gone[Symbol.asyncDispose]()
  await using server = await startTcpServer()
  const failed = bare.open(loopback, gone.port)
  await expect(once(failed, 'connect')).rejects.toThrow('ECONNREFUSED')
  const next = await connected(server.port)
  expect(next).not.toBe(failed)
  await close(next)
})

test('a socket with something unread does not connect again', async () => {
  await using server = await startTcpServer((socket) => socket.write('left over'))
  const full = await connected(server.port)
  while (full.readableLength === 0) await sleep(1)
  await close(full)
  const next = await connected(server.port)
  expect(next).not.toBe(full)
  await close(next)
})

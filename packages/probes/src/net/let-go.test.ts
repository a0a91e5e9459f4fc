import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { plainly } from './connect.ts'

test('a socket that has closed knows none of those who listened, and all of them heard of it', async () => {
  await using server = await startTcpServer()
  const socket = plainly.open({ address: '127.0.0.1', family: 4 }, server.port)
  const heard: string[] = []
  for (const event of ['connect', 'data', 'end', 'error', 'close']) socket.on(event, () => heard.push(event))
  await once(socket, 'connect')
  socket.destroy(new Error('over'))
  await nextTurn()
  await nextTurn()
  expect(heard).toEqual(['connect', 'error', 'close'])
  expect(socket.eventNames()).toEqual(['error'])
  // Which is nobody's any more.
  socket.emit('error', new Error('too late'))
  expect(heard).toEqual(['connect', 'error', 'close'])
})

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { loopTurn } from './loop-turn.ts'
import { plainly } from './net/connect.ts'
import { takeFrom } from './net/intake.ts'

test('what came while something else was worked on in the same turn, came before that', async () => {
  await using pair = await connected()
  const [first, second] = await pair.send(() => loopTurn.mark(), 0.8)
  expect(second.cameMs - first.cameMs).toBeLessThan(0.4)
  expect(second.calledMs - first.calledMs).toBeGreaterThan(0.7)
})

test('no more than 1 ms is taken off', async () => {
  await using pair = await connected()
  const [first, second] = await pair.send(() => loopTurn.mark(), 20)
  expect(second.calledMs - second.cameMs).toBeGreaterThan(0.99)
  expect(second.calledMs - second.cameMs).toBeLessThan(1.5)
  expect(second.cameMs - first.calledMs).toBeGreaterThan(18)
})

test('nothing is taken off where the turn before had no mark', async () => {
  loopTurn.mark()
  for (let turns = 0; turns < 3; turns++) await turn()
  const nowMs = performance.now()
  expect(loopTurn.cameMs(nowMs)).toBe(nowMs)
  loopTurn.mark()
  expect(loopTurn.cameMs(nowMs)).toBe(nowMs)
})

test('the time in which the loop slept is not taken for work', async () => {
  await using pair = await connected()
  const beganMs = performance.now()
  const [first] = await pair.send(() => {}, 0, 40)
  expect(first.cameMs - beganMs).toBeGreaterThan(38)
  expect(first.calledMs - first.cameMs).toBeLessThanOrEqual(1.5)
})

type Coming = { cameMs: number; calledMs: number }

/** Two sockets of ours to a server in this process. */
async function connected() {
  const theirs: Socket[] = []
  const server = createServer({ noDelay: true }, (socket) => void theirs.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ours = [plainly({ host: '127.0.0.1', port }), plainly({ host: '127.0.0.1', port })]
  for (const socket of ours) await once(socket, 'connect')
  while (theirs.length < ours.length) await turn()
  return {
    /** Sends to both in one turn, `behindMs` from now, and works so long on the first of the two that is heard of. */
    async send(sent: () => void, workMs: number, behindMs = 1): Promise<[Coming, Coming]> {
      const came: Coming[] = []
      const done = Promise.withResolvers<[Coming, Coming]>()
      const takings = ours.map((socket) =>
        takeFrom(socket, (_, cameMs) => {
          const calledMs = performance.now()
          came.push({ cameMs, calledMs })
          while (performance.now() - calledMs < workMs);
          const [first, second] = came
          if (first !== undefined && second !== undefined) done.resolve([first, second])
          return true
        }),
      )
      setTimeout(() => {
        for (const socket of theirs) socket.write('x')
        sent()
      }, behindMs)
      const both = await done.promise
      for (const taking of takings) taking[Symbol.dispose]()
      return both
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [...ours, ...theirs]) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { loopTurn } from '../../packages/probes/src/loop-turn.ts'
import type { Delay } from './targets.ts'

// GET /ID/MS answers after about MS milliseconds. What counts is what it truly was, from the request's arrival to the answer's
// departure by the monotonic clock: kept by ID until the parent asks. A bare socket, so that little lies between. The answer is with
// the system when `write` returns, but may be long before: one whom it wakes may take this process' core. The request was there when
// the event loop woke, which in a process that slept is some tenths of a millisecond before this code can look at the clock.
const answer = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n'
const delays: Record<string, Delay> = {}

const server = createServer({ noDelay: true }, (socket) => {
  loopTurn.markAtEnd()
  socket.on('error', () => {}).on('close', () => loopTurn.markAtEnd())
  socket.once('data', (request) => {
    const readMs = performance.now()
    const cameMs = loopTurn.arrivedMs(readMs)
    loopTurn.markAtEnd()
    const [, id = '', ms = '0'] = /^GET \/([\w-]+)\/(\d+) /.exec(request.toString('latin1')) ?? []
    setTimeout(() => {
      const atLeastMs = performance.now() - readMs
      socket.write(answer, 'latin1')
      delays[id] = { atLeastMs, atMostMs: performance.now() - cameMs }
      socket.end()
      loopTurn.markAtEnd()
    }, Number(ms))
  })
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
  process.send?.((server.address() as AddressInfo).port)
})

process.on('message', () => {
  process.send?.(delays)
  for (const id of Object.keys(delays)) delete delays[id]
})
process.on('disconnect', () => process.exit())

// Two thirds of the error at 10 a second would be the time that this process takes to wake.
if (process.env.BENCH_AWAKE !== undefined) stayAwake()

function stayAwake(): void {
  setImmediate(stayAwake)
}

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'

// GET /ID/MS answers after about MS milliseconds. What counts is what it truly was, from the request's arrival to the answer's
// departure by the monotonic clock: kept by ID until the parent asks. A bare socket, so that little lies between.
const delays: Record<string, number> = {}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {})
  socket.once('data', (request) => {
    const arrivedMs = performance.now()
    const [, id = '', ms = '0'] = /^GET \/([\w-]+)\/(\d+) /.exec(request.toString('latin1')) ?? []
    setTimeout(() => {
      const departedMs = performance.now()
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n')
      delays[id] = departedMs - arrivedMs
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

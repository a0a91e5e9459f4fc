import { startHttpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'

test('cause and remedy say what was seen', async () => {
  await using server = await startHttpServer((request, response) => {
    if (request.path === '/loop') response.setHeader('location', '/loop')
    response.statusCode = request.path === '/loop' ? 302 : 503
    response.end()
  })
  const failing = await probeDocument({ kind: 'http', target: `${server.url}/health` })
  expect(failing.error?.cause).toBe(`${server.url}/health answered with status 503, which counts as a failure.`)
  const looping = await probeDocument({ kind: 'http', target: `${server.url}/loop`, http: { maxRedirects: 3 } })
  expect(looping.error).toMatchObject({
    code: 'http_too_many_redirects',
    cause: `More redirects than the 3 that the check allows, the last to ${server.url}/loop: often a loop.`,
  })
})

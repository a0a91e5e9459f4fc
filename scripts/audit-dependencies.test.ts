import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { auditVerdict } from './audit-dependencies.ts'

test.each([
  ['', undefined, /^dependencies: not audited, as the registry did not answer: no answer$/],
  [
    '{"message":"request to the registry failed, reason: getaddrinfo EAI_AGAIN","error":{"summary":"","detail":""}}',
    undefined,
    /^dependencies: not audited, as the registry did not answer: .*EAI_AGAIN$/,
  ],
  [
    '{"message":"405 Method Not Allowed - POST https://registry.example/advisories","statusCode":405,"error":{"summary":""}}',
    undefined,
    /^dependencies: not audited, as the registry does not tell: 405 Method Not Allowed$/,
  ],
  [
    '{"metadata":{"vulnerabilities":{"low":3,"high":0,"critical":0}},"vulnerabilities":{}}',
    true,
    /none with a known fault/,
  ],
  [
    '{"metadata":{"vulnerabilities":{"high":1,"critical":0}},"vulnerabilities":{"x":{"severity":"high"},"y":{"severity":"low"}}}',
    false,
    /^dependencies: 1 with a known fault: x \(high\)$/,
  ],
] as const)('what npm audit printed (%s) is read: fine %s', (output, ok, line) => {
  const verdict = auditVerdict(output)
  expect(verdict.ok).toBe(ok)
  expect(verdict.line).toMatch(line)
})

/** A registry that knows of these faults, and what it was asked about. */
async function startRegistry(faults: Record<string, object[]>) {
  const asked: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request)
    const isAudit = request.url?.endsWith('/advisories/bulk') === true
    if (isAudit) asked.push(...Object.keys(JSON.parse(gunzipSync(body).toString()) as object))
    response.writeHead(isAudit ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isAudit ? faults : {}))
  }
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}

async function audit(registry: string): Promise<{ code: number | null; said: string }> {
  const script = new URL('audit-dependencies.ts', import.meta.url).pathname
  // npm keeps what it once heard of a fault.
  const cache = mkdtempSync(join(tmpdir(), 'sonde-npm-'))
  try {
    const env = { ...process.env, npm_config_registry: registry, npm_config_cache: cache }
    const child = spawn(process.execPath, [script], { env })
    const ended = once(child, 'close') as Promise<[number | null]>
    const said = await text(child.stdout)
    return { code: (await ended)[0], said }
  } finally {
    rmSync(cache, { recursive: true, force: true })
  }
}

test('CI asks the registry about all that runs in production, and fails for a fault that is high', async () => {
  const fault = { id: 1, url: 'https://faults.example/1', title: 'a fault', vulnerable_versions: '<99.0.0', cwe: [] }
  await using clean = await startRegistry({ fastify: [{ ...fault, severity: 'moderate' }] })
  await using bad = await startRegistry({ fastify: [{ ...fault, severity: 'high' }] })
  expect(await audit(clean.url)).toEqual({
    code: 0,
    said: 'dependencies: none with a known fault, high or critical\n',
  })
  for (const name of ['fastify', 'undici', 'pg', 'bullmq']) expect(clean.asked).toContain(name)
  expect(clean.asked).not.toContain('vitest')
  expect(await audit(bad.url)).toMatchObject({ code: 1, said: expect.stringContaining('fastify (high)') as string })
})

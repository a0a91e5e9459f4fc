import { expect, test } from 'vitest'
import { createRegistry, fleetMetrics, ingesterMetrics, schedulerMetrics, workerMetrics } from './registry.ts'
import { type Readiness, type RoleServerOptions, startRoleServer } from './server.ts'

async function started(changes: Partial<RoleServerOptions> = {}) {
  const registry = createRegistry()
  const ready = async (): Promise<Readiness> => ({ database: true })
  const server = await startRoleServer({ host: '127.0.0.1', port: 0, tryNext: false, registry, ready, ...changes })
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init)
  return { ...server, get, [Symbol.asyncDispose]: server.close }
}

test('healthz answers as long as the process does', async () => {
  await using server = await started({ ready: async () => ({ database: 'connection refused' }) })
  const response = await server.get('/healthz')
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ status: 'ok' })
})

test('readyz is 200 when all that a role depends on answers', async () => {
  await using server = await started()
  const response = await server.get('/readyz')
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ status: 'ok', checks: { database: true } })
})

test('readyz is 503 and says what does not answer', async () => {
  await using server = await started({ ready: async () => ({ database: true, queue: 'connection refused' }) })
  const response = await server.get('/readyz')
  expect(response.status).toBe(503)
  expect(await response.json()).toEqual({
    status: 'not ready',
    checks: { database: true, queue: 'connection refused' },
  })
})

test('a readiness check that fails is one more way not to be ready', async () => {
  await using server = await started({ ready: () => Promise.reject(new Error('pool is closed')) })
  const response = await server.get('/readyz')
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ checks: { ready: 'pool is closed' } })
})

const idle = { limit: () => 1000, waiting: () => 0, pending: () => 0, clockOffsetSeconds: () => 0 }

test("metrics has Node's own and the role's", async () => {
  const registry = createRegistry()
  const metrics = workerMetrics(registry, { ...idle, clockOffsetSeconds: () => -3600 })
  metrics.probes.inc({ outcome: 'up' })
  metrics.startLag.observe(0.002)
  await using server = await started({ registry })
  const response = await server.get('/metrics')
  const text = await response.text()
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  expect(text).toContain('process_cpu_user_seconds_total')
  expect(text).toContain('sonde_worker_probes_total{outcome="up"} 1')
  expect(text).toContain('sonde_worker_start_lag_seconds_bucket{le="0.005"} 1')
  expect(text).not.toContain('sonde_slots_total')
})

test('metrics wants the token when there is one', async () => {
  const denied: string[] = []
  await using server = await started({ token: 'secret', onDenied: ({ message }) => denied.push(message) })
  expect((await server.get('/metrics')).status).toBe(401)
  expect((await server.get('/metrics', { headers: { authorization: 'Bearer wrong!' } })).status).toBe(401)
  expect((await server.get('/metrics', { headers: { authorization: 'Bearer secret' } })).status).toBe(200)
  expect(denied).toHaveLength(2)
  expect(denied[0]).toBe('a request from 127.0.0.1 without the right token')
  expect((await server.get('/healthz')).status).toBe(200)
})

test('other paths are 404 and other methods 405', async () => {
  await using server = await started()
  expect((await server.get('/')).status).toBe(404)
  expect((await server.get('/metrics', { method: 'POST' })).status).toBe(405)
})

test('a taken port is one clear line that names the variable', async () => {
  await using first = await started()
  await expect(started({ port: first.port })).rejects.toThrow(
    `SONDE_METRICS_PORT: port ${first.port} on 127.0.0.1 is taken; set it to a free port`,
  )
})

test('with tryNext a taken port leads to a following one', async () => {
  await using first = await started()
  await using second = await started({ port: first.port, tryNext: true })
  expect(second.port).toBeGreaterThan(first.port)
  expect((await second.get('/healthz')).status).toBe(200)
})

test('close does not wait for a scraper that keeps its connection', async () => {
  const server = await started()
  await (await server.get('/healthz')).text()
  await server.close()
  await expect(server.get('/healthz')).rejects.toThrow('fetch failed')
})

test('queues and workers are asked for at each scrape, and absent while they cannot be read', async () => {
  const registry = createRegistry()
  const answers: (() => Promise<Record<string, number>>)[] = [
    async () => ({ results: 3 }),
    () => Promise.reject(new Error('redis is away')),
  ]
  fleetMetrics(registry, {
    depths: () => answers.shift()?.() ?? Promise.resolve({}),
    oldestAges: async () => ({ results: 1.5 }),
    workers: async () => ({ eu: 2 }),
  })
  const first = await registry.metrics()
  expect(first).toContain('sonde_queue_depth{queue="results"} 3')
  expect(first).toContain('sonde_queue_oldest_age_seconds{queue="results"} 1.5')
  expect(first).toContain('sonde_workers{probe="eu"} 2')
  expect(await registry.metrics()).not.toContain('sonde_queue_depth{')
})

test('all roles can share one registry, as `sonde up` might', () => {
  const registry = createRegistry()
  const all = () => [schedulerMetrics(registry, idle), ingesterMetrics(registry), workerMetrics(registry, idle)]
  expect(all).not.toThrow()
})

import { type OperationExamples, pageOf } from './operation.ts'

const facts = { labels: { tier: 'edge' }, provider: 'example cloud', latitude: 52.5, longitude: 13.4 }
const region = { name: 'eu-west', ...facts }

const secretKeys = { current: '4f1d2a9c', known: ['4f1d2a9c', '0b7e61d3'], sealed: { '4f1d2a9c': 3 } }

const withWorkers = {
  ...region,
  workers: [
    {
      id: 'worker-1',
      version: '0.1.0',
      startedAt: '2026-01-01T00:00:00.000Z',
      seenAt: '2026-01-01T08:00:00.000Z',
      capabilities: ['http', 'tls', 'dns', 'tcp', 'icmp', 'ipv6'],
      load: { running: 12, waiting: 0, limit: 200 },
      clockOffsetMs: -1.5,
    },
  ],
}

export const fleetExamples: Record<string, OperationExamples> = {
  listRegions: { responses: { 200: pageOf(withWorkers) } },
  getRegion: { parameters: { name: 'eu-west' }, responses: { 200: withWorkers } },
  putRegion: { parameters: { name: 'eu-west' }, request: facts, responses: { 200: region, 201: region } },
  patchRegion: {
    parameters: { name: 'eu-west' },
    request: { provider: 'another cloud', labels: { tier: null } },
    responses: { 200: { ...region, provider: 'another cloud', labels: {} } },
  },
  deleteRegion: { parameters: { name: 'eu-west' } },
  getSecrets: { responses: { 200: secretKeys } },
  createSecretRotate: { responses: { 200: { ...secretKeys, changed: 3, unchanged: 0, failed: [] } } },
  getHealthz: { responses: { 200: { status: 'ok' } } },
  getReadyz: {
    responses: {
      200: { status: 'ok', checks: { database: true, queue: true } },
      503: { status: 'not ready', checks: { database: 'connect ECONNREFUSED 127.0.0.1:5432', queue: true } },
    },
  },
}

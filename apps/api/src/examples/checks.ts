import { Check, type CheckInput, Result } from '@sonde/core'
import { type OperationExamples, pageOf } from './operation.ts'

const shopFront: CheckInput = {
  key: 'shop-front',
  name: 'Shop front',
  kind: 'http',
  target: 'https://shop.example/health',
  interval: '30s',
  labels: { team: 'web' },
  assertions: [
    { source: 'status', op: 'in', value: ['2xx'] },
    { source: 'body.json', path: '$.status', op: 'eq', value: 'ok' },
    { source: 'duration', op: 'lt', value: '800ms' },
  ],
  alerts: { channels: ['ops'] },
}
const stored = Check.parse(shopFront)
const parameters = { key: 'shop-front' }

/** A probe that found what it should, and one that did not. */
export const upResult = Result.parse({
  checkKey: 'shop-front',
  region: 'eu-west',
  kind: 'http',
  target: 'https://shop.example/health',
  slot: '2026-01-01T00:00:30.000Z',
  startedAt: '2026-01-01T00:00:30.001Z',
  outcome: 'up',
  durationMs: 83.1,
  attempts: 1,
  ip: '192.0.2.7',
  ipFamily: 4,
  phases: { dnsMs: 3.2, connectMs: 12, tlsMs: 25.3, ttfbMs: 40.1, transferMs: 2.5 },
  error: null,
  assertions: [{ source: 'status', op: 'in', expected: ['2xx'], actual: 200, ok: true }],
  http: {
    status: 200,
    version: '2',
    redirects: [],
    headers: { 'content-type': 'application/json' },
    bodyBytes: 512,
    bodyTruncated: false,
    finalUrl: 'https://shop.example/health',
  },
  tls: null,
  dns: null,
  tcp: null,
  icmp: null,
})

export const downResult = Result.parse({
  ...upResult,
  region: 'us-east',
  outcome: 'down',
  durationMs: 15.4,
  phases: { dnsMs: 3.4, connectMs: 12, tlsMs: null, ttfbMs: null, transferMs: null },
  error: {
    code: 'tcp_refused',
    phase: 'connect',
    message: '192.0.2.7:443 refused the connection',
    cause: 'Nothing listens on that port, or a firewall answers in its place.',
    remedy: 'See whether the service runs and listens on that address and port.',
  },
  assertions: [],
  http: null,
})

export const checkExamples: Record<string, OperationExamples> = {
  listChecks: {
    parameters: { label: 'team:web', kind: 'http', limit: 100 },
    responses: { 200: { items: [stored], nextCursor: 'InNob3AtZnJvbnQi' } },
  },
  createCheck: { request: shopFront, responses: { 201: stored } },
  getCheck: { parameters, responses: { 200: stored } },
  putCheck: { parameters, request: shopFront, responses: { 200: stored, 201: stored } },
  patchCheck: {
    parameters,
    request: { interval: '1m', labels: { tier: 'edge' }, name: null },
    responses: {
      200: Check.parse({ ...shopFront, interval: '1m', name: undefined, labels: { team: 'web', tier: 'edge' } }),
    },
  },
  deleteCheck: { parameters },
  createCheckRun: { parameters, responses: { 200: { results: [upResult, downResult] } } },
  getCheckStatus: {
    parameters,
    responses: {
      200: {
        checkKey: 'shop-front',
        enabled: true,
        verdict: 'up',
        maintenance: [],
        regions: [
          {
            region: 'eu-west',
            verdict: 'up',
            since: '2026-01-01T00:00:00.000Z',
            failures: 0,
            successes: 2,
            stale: false,
            lastSlot: upResult.slot,
            lastResult: upResult,
          },
        ],
        events: [],
      },
    },
  },
  listStatus: {
    parameters: { verdict: 'down', label: 'team:web', kind: 'http', limit: 10_000 },
    responses: {
      200: pageOf({
        checkKey: 'shop-front',
        name: 'Shop front',
        kind: 'http',
        target: 'https://shop.example/health',
        labels: { team: 'web' },
        enabled: true,
        verdict: 'down',
        maintenance: [],
        regions: [
          {
            region: 'us-east',
            verdict: 'down',
            since: '2026-01-01T00:00:00.000Z',
            failures: 2,
            successes: 0,
            stale: false,
            lastSlot: downResult.slot,
            code: 'tcp_refused',
          },
        ],
      }),
    },
  },
  listCheckResults: {
    parameters: {
      ...parameters,
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-02T00:00:00Z',
      region: 'eu-west',
      outcome: 'up',
    },
    responses: { 200: pageOf(upResult) },
  },
}

import type { Result } from '@sonde/core'
import type { CheckSeries } from './check-series.ts'

export const upResult: Result = {
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
  assertions: [],
  http: {
    status: 200,
    version: '2',
    redirects: [{ status: 301, location: 'https://shop.example/health', ip: '192.0.2.7' }],
    headers: { 'content-length': '512', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' },
    bodyBytes: 1024,
    bodyTruncated: false,
    finalUrl: 'https://shop.example/health',
  },
  tls: {
    version: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    alpn: 'h2',
    authorized: true,
    serverName: 'shop.example',
    chain: [
      {
        subject: 'CN=shop.example',
        issuer: 'CN=Example CA,O=Example',
        serial: '0A:FF',
        notBefore: '2025-12-01T00:00:00.000Z',
        notAfter: '2026-03-01T00:00:00.000Z',
        sha256: 'AB:CD',
        san: ['shop.example', 'www.shop.example', '192.0.2.7', 'URI:spiffe://shop.example'],
        keyType: 'ec',
        keyBits: 256,
        signature: 'ecdsa-with-SHA256',
      },
    ],
    earliestExpiry: '2026-03-01T00:00:00.000Z',
    daysLeft: 59,
  },
  dns: null,
  tcp: null,
  icmp: null,
}

/** A down result of `kind` that got no further than the connection. */
export const refusedResult: Result = {
  ...upResult,
  outcome: 'down',
  durationMs: 4,
  phases: { dnsMs: 3, connectMs: 1, tlsMs: null, ttfbMs: null, transferMs: null },
  error: { code: 'tcp_refused', phase: 'connect', message: 'refused', cause: 'c', remedy: 'r' },
  http: null,
  tls: null,
}

export const missedResult: Result = {
  ...refusedResult,
  outcome: 'missed',
  startedAt: null,
  durationMs: 0,
  ip: null,
  ipFamily: null,
  phases: { dnsMs: null, connectMs: null, tlsMs: null, ttfbMs: null, transferMs: null },
  error: { code: 'no_worker', phase: 'missed', message: 'm', cause: 'c', remedy: 'r' },
}

export const dnsResult: Result = {
  ...upResult,
  checkKey: 'zone',
  kind: 'dns',
  target: 'example.org',
  durationMs: 12.5,
  phases: { dnsMs: 12, connectMs: null, tlsMs: null, ttfbMs: null, transferMs: null },
  http: null,
  tls: null,
  dns: {
    server: '192.0.2.53:53',
    rcode: 'NOERROR',
    flags: ['qr', 'rd', 'ra'],
    answers: [{ name: 'example.org', type: 'A', ttl: 300, data: '192.0.2.7' }],
    authorityCount: 2,
    additionalCount: 1,
  },
}

export const icmpResult: Result = {
  ...dnsResult,
  checkKey: 'gateway',
  kind: 'icmp',
  target: 'gateway.example',
  durationMs: 410,
  phases: { dnsMs: 1.5, connectMs: 4, tlsMs: null, ttfbMs: 11.7, transferMs: null },
  dns: null,
  icmp: {
    sent: 3,
    received: 2,
    lossPercent: 33.33,
    rttMinMs: 11,
    rttAvgMs: 11.7,
    rttMaxMs: 12.4,
    rttStddevMs: 0.7,
    hopLimit: 56,
  },
}

/** The series of `result`, with what a test does not care about filled in. */
export function seriesOf(result: Result | null, changes: Partial<CheckSeries> = {}): CheckSeries {
  const { checkKey, kind, target, region } = result ?? upResult
  return {
    check: { key: checkKey, kind, target, intervalMs: 30_000, timeoutMs: 5000, labels: { team: 'web' } },
    region,
    result,
    verdict: 'up',
    totals: { up: 10, 'down:tcp_refused': 2, 'missed:expired': 1 },
    histogram: { count: 12, sumSeconds: 1.5, buckets: [0, 0, 0, 3, 6, 2] },
    ...changes,
  }
}

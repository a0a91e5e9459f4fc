import { type OperationExamples, pageOf } from './operation.ts'

const figures = {
  count: 598,
  meanMs: 84.2,
  minMs: 61.7,
  maxMs: 402.9,
  p50Ms: 80.1,
  p90Ms: 110.4,
  p95Ms: 131.6,
  p99Ms: 298.5,
}

export const resultExamples: Record<string, OperationExamples> = {
  listCheckSeries: {
    parameters: {
      key: 'shop-front',
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-02T00:00:00Z',
      step: '1h',
      region: 'eu-west',
    },
    responses: {
      200: {
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-01-02T00:00:00.000Z',
        step: '1h',
        ...pageOf({
          from: '2026-01-01T00:00:00.000Z',
          availability: 0.9983,
          up: 599,
          down: 1,
          missed: 0,
          maintenance: 0,
          codes: { tcp_refused: 1 },
          latency: { total: figures },
        }),
      },
    },
  },
  listSlo: {
    parameters: { window: '30d', objective: 99.9, check: 'shop-front' },
    responses: {
      200: pageOf({
        checkKey: 'shop-front',
        window: '30d',
        objective: 99.9,
        availability: 99.97,
        good: 86_374,
        bad: 26,
        unknown: 0,
        maintenance: 0,
        errorBudget: { allowed: 86.4, left: 60.4, leftPercent: 69.9 },
        burnRates: { '5m': 0, '1h': 0.8, '6h': 0.3 },
      }),
    },
  },
  listCertificates: {
    parameters: { check: 'shop-front', current: 'true', expiresBefore: '2026-02-01T00:00:00Z' },
    responses: {
      200: pageOf({
        sha256: 'b1d4a7f0c6e35d8a92b7c1f04e6d8a3b5c7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a',
        subject: 'CN=shop.example',
        issuer: 'C=US, O=Example Trust, CN=Example CA 1',
        serial: '04a1b2c3',
        notBefore: '2025-12-01T00:00:00.000Z',
        notAfter: '2026-03-01T00:00:00.000Z',
        daysLeft: 58.3,
        san: ['shop.example', 'www.shop.example'],
        keyType: 'ec',
        keyBits: 256,
        signature: 'ecdsa-with-SHA256',
        firstSeen: '2025-12-01T09:00:00.000Z',
        lastSeen: '2026-01-01T00:00:30.000Z',
        seenByCount: 1,
        seenBy: [
          {
            checkKey: 'shop-front',
            region: 'eu-west',
            position: 0,
            current: true,
            firstSeen: '2025-12-01T09:00:00.000Z',
            lastSeen: '2026-01-01T00:00:30.000Z',
          },
        ],
      }),
    },
  },
}

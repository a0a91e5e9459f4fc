import { type OperationExamples, pageOf } from './operation.ts'

const document = {
  defaults: { interval: '30s', labels: { team: 'web' } },
  checks: [{ key: 'shop-front', kind: 'http', target: 'https://shop.example/health' }],
}

const token = {
  id: 'k3m7q2xa',
  name: 'web team',
  scopes: ['read', 'write'],
  labels: { team: 'web' },
  expiresAt: '2027-01-01T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  lastUsedAt: null,
}
const wanted = { name: token.name, scopes: token.scopes, labels: token.labels, expiresAt: '2027-01-01T00:00:00Z' }
const byId = { id: token.id }

const entry = {
  id: 42,
  at: '2026-01-01T00:00:00.000Z',
  action: 'change',
  resource: 'check',
  key: 'shop-front',
  token: token.id,
  hash: 'b1d4a7f0c6e35d8a92b7c1f04e6d8a3b5c7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a',
  detail: { name: 'web team', address: '192.0.2.10', before: { interval: '1m' }, after: { interval: '30s' } },
}

export const configurationExamples: Record<string, OperationExamples> = {
  createApply: {
    parameters: { dryRun: 'true', prune: 'false' },
    request: document,
    responses: {
      200: {
        plan: [
          {
            section: 'checks',
            key: 'shop-front',
            action: 'change',
            fields: ['interval'],
            changes: [{ path: 'interval', from: '1m', to: '30s' }],
            adopts: false,
          },
        ],
        hash: 'b1d4a7f0c6e35d8a92b7c1f04e6d8a3b5c7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a',
        warnings: [],
      },
    },
  },
  getExport: { parameters: { format: 'json' }, responses: { 200: { checks: document.checks } } },
  listAudit: { parameters: { resource: 'check', key: 'shop-front' }, responses: { 200: pageOf(entry) } },
  getAuditExport: { parameters: { after: 41 }, responses: { 200: `${JSON.stringify(entry)}\n` } },
  createAuditErase: {
    request: { token: token.id, before: '2026-01-01T00:00:00Z' },
    responses: { 200: { erased: 12 } },
  },
  listTokens: { responses: { 200: pageOf(token) } },
  createToken: {
    request: wanted,
    responses: { 201: { ...token, token: 'sonde_k3m7q2xa_… (shown this once)' } },
  },
  getToken: { parameters: byId, responses: { 200: token } },
  putToken: { parameters: byId, request: wanted, responses: { 200: token } },
  patchToken: { parameters: byId, request: { scopes: ['read'] }, responses: { 200: { ...token, scopes: ['read'] } } },
  deleteToken: { parameters: byId },
}

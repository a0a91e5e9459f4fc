import { Channel, type ChannelInput } from '@sonde/core'
import { type OperationExamples, pageOf } from './operation.ts'

const incident = {
  id: '0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e',
  rule: 'down',
  checkKey: 'shop-front',
  checkName: 'Shop front',
  target: 'https://shop.example/health',
  kind: 'http',
  labels: { team: 'web' },
  openedAt: '2026-01-01T00:01:00.000Z',
  resolvedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  silencedBy: [],
  maintenance: [],
  regions: [{ region: 'us-east', state: 'down', code: 'tcp_refused', message: '192.0.2.7:443 refused the connection' }],
  code: 'tcp_refused',
  summary: 'shop-front is down in us-east',
  cause: 'Nothing listens on that port, or a firewall answers in its place.',
  remedy: 'See whether the service runs and listens on that address and port.',
  url: 'https://sonde.example/api/v1/incidents/0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e',
}
const byId = { id: incident.id }

const ops: ChannelInput = {
  key: 'ops',
  kind: 'webhook',
  webhook: { url: 'https://hooks.example/sonde', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
}
const shownOps = Channel.parse({ ...ops, webhook: { ...ops.webhook, secret: 'sealed:v1:5f2c9a1b:mB3xUe0aRr8' } })
const byKey = { key: 'ops' }
const health = {
  refused: null,
  pending: 0,
  dead: 0,
  waitingSince: null,
  lastSentAt: '2026-01-01T00:01:01.250Z',
  lastError: null,
}

const notification = {
  id: '5b8d7c3a-91e2-4f60-8a7b-c4d3e2f10a9b',
  channel: 'ops',
  type: 'incident.opened',
  state: 'sent',
  incidentId: incident.id,
  checkKey: 'shop-front',
  rule: 'down',
  summary: incident.summary,
  createdAt: '2026-01-01T00:01:00.310Z',
  nextAt: null,
  sentAt: '2026-01-01T00:01:01.250Z',
  attempts: 1,
  error: null,
}

const sunday = {
  key: 'sunday',
  start: '2026-01-04T02:00:00',
  end: '2026-01-04T04:00:00',
  timeZone: 'Europe/Berlin',
  rrule: 'FREQ=WEEKLY',
  labels: { team: 'web' },
  checks: ['shop-front'],
  mode: 'silence',
}

const silence = {
  id: '2c7a9e15-4b3d-4f68-8c1a-7d5e3f2b9a01',
  labels: { team: 'web' },
  checks: ['shop-*'],
  rules: [],
  startsAt: '2026-01-01T00:05:00.000Z',
  endsAt: '2026-01-01T02:05:00.000Z',
  comment: 'the switch is being replaced',
  createdBy: 'ada',
  createdAt: '2026-01-01T00:05:00.000Z',
}
const wantedSilence = {
  labels: silence.labels,
  checks: silence.checks,
  duration: '2h',
  comment: silence.comment,
  createdBy: 'ada',
}
const bySilence = { id: silence.id }

export const alertingExamples: Record<string, OperationExamples> = {
  listIncidents: {
    parameters: { state: 'open', check: 'shop-front', rule: 'down', from: '2026-01-01T00:00:00Z' },
    responses: { 200: pageOf(incident) },
  },
  getIncident: { parameters: byId, responses: { 200: { ...incident, evidence: { results: {}, opening: {} } } } },
  createIncidentAcknowledge: {
    parameters: byId,
    request: { by: 'ada' },
    responses: { 200: { ...incident, acknowledgedAt: '2026-01-01T00:03:00.000Z', acknowledgedBy: 'ada' } },
  },
  listChannels: { responses: { 200: pageOf(shownOps) } },
  createChannel: { request: ops, responses: { 201: shownOps } },
  getChannel: { parameters: byKey, responses: { 200: shownOps } },
  putChannel: { parameters: byKey, request: ops, responses: { 200: shownOps, 201: shownOps } },
  patchChannel: { parameters: byKey, request: { enabled: false }, responses: { 200: { ...shownOps, enabled: false } } },
  deleteChannel: { parameters: byKey },
  createChannelTest: { parameters: byKey, responses: { 200: { delivered: true } } },
  getChannelHealth: { parameters: byKey, responses: { 200: health } },
  createChannelEnable: { parameters: byKey, responses: { 200: health } },
  createChannelReplay: { parameters: byKey, responses: { 200: { replayed: 3 } } },
  listNotifications: { parameters: { state: 'sent', channel: 'ops' }, responses: { 200: pageOf(notification) } },
  getNotification: { parameters: { id: notification.id }, responses: { 200: notification } },
  createNotificationReplay: {
    parameters: { id: notification.id },
    responses: { 200: { ...notification, state: 'pending', sentAt: null, nextAt: '2026-01-01T09:00:00.000Z' } },
  },
  listSilences: { parameters: { state: 'active' }, responses: { 200: pageOf(silence) } },
  createSilence: { request: wantedSilence, responses: { 201: silence } },
  getSilence: { parameters: bySilence, responses: { 200: silence } },
  putSilence: { parameters: bySilence, request: wantedSilence, responses: { 200: silence } },
  patchSilence: {
    parameters: bySilence,
    request: { endsAt: '2026-01-01T03:05:00Z', duration: null },
    responses: { 200: { ...silence, endsAt: '2026-01-01T03:05:00.000Z' } },
  },
  deleteSilence: { parameters: bySilence },
  listMaintenance: { responses: { 200: pageOf(sunday) } },
  createMaintenance: { request: sunday, responses: { 201: sunday } },
  getMaintenance: { parameters: { key: 'sunday' }, responses: { 200: sunday } },
  putMaintenance: { parameters: { key: 'sunday' }, request: sunday, responses: { 200: sunday, 201: sunday } },
  patchMaintenance: {
    parameters: { key: 'sunday' },
    request: { mode: 'pause' },
    responses: { 200: { ...sunday, mode: 'pause' } },
  },
  deleteMaintenance: { parameters: { key: 'sunday' } },
}

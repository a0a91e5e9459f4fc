import type { IncidentDocument, Notification, NotificationType } from '@sonde/core'
import fc from 'fast-check'

type Own = Partial<IncidentDocument> & { type?: NotificationType; evidence?: string[] }

/** A message of an incident, with what the test wants of it. */
export function aNotification({ type = 'incident.opened', evidence, ...own }: Own = {}): Notification {
  return {
    id: '6f1c2a5e-0000-4000-8000-000000000001',
    type,
    timestamp: '2026-01-01T00:00:31.000Z',
    incident: {
      id: '6f1c2a5e-0000-4000-8000-000000000002',
      rule: 'down',
      checkKey: 'shop',
      target: 'https://shop.example/',
      kind: 'http',
      labels: { team: 'web' },
      openedAt: '2026-01-01T00:00:30.000Z',
      resolvedAt: type === 'incident.resolved' ? '2026-01-01T00:05:30.000Z' : null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      regions: [{ region: 'eu', state: 'down', code: 'tls_expired', message: 'it expired' }],
      code: 'tls_expired',
      summary: 'shop is down in 1 of 1 region: tls_expired: it expired',
      cause: 'nobody renewed it',
      remedy: 'renew it',
      url: 'https://sonde.example/i/1',
      ...own,
    },
    ...(evidence === undefined ? {} : { evidence }),
    grafanaUrl: 'https://grafana.example/d/1?a=1&b=2',
  }
}

const attacks = [
  '<!channel> <https://evil.example|click>',
  '@here @everyone @all <@U1> <@&1>',
  '</td><script>alert(1)</script><img src=x onerror=alert(1)>',
  '\r\nBcc: victim@evil.example\r\n\r\nbody',
  '[click](https://evil.example) **bold** `code` ~~x~~ || y ||',
  '{{incident.summary}} {{{raw}}} {{#lines}}x{{/lines}} <%= 1 %>',
  '\u202egnp.exe\u202c \u200f\u2066 \u0000\u0007\u001b[31m',
  '<users/all> *bold* _it_',
  '"},"event_action":"resolve","x":{"',
  '\ud83d lone',
  '😀'.repeat(600),
  '\\'.repeat(700),
  '&lt;b&gt; &#60;i&#62;',
]

/** Strings as a target might send them to be shown to people. */
export const hostile = fc.oneof(
  fc.constantFrom(...attacks),
  fc.string({ unit: 'binary', maxLength: 2000 }),
  fc.tuple(fc.string({ maxLength: 40 }), fc.constantFrom(...attacks)).map(([before, attack]) => before + attack),
  fc
    .array(fc.constantFrom(...'<>&|@*_`~[](){}#\\"\'\r\n\u2028\u202e\u200b{}:/.'.split('')), { maxLength: 900 })
    .map((all) => all.join('')),
)

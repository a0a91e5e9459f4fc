import { expect, test } from 'vitest'
import { aNotification } from './notification.fixture.ts'
import { plainText, textOf } from './text.ts'

test.each([
  ['down', 'incident.opened', 'DOWN: shop', 'critical'],
  ['down', 'incident.updated', 'STILL DOWN: shop', 'critical'],
  ['down', 'incident.reminder', 'STILL DOWN: shop', 'critical'],
  ['down', 'incident.resolved', 'RESOLVED: shop', 'critical'],
  ['latency', 'incident.opened', 'SLOW: shop', 'warning'],
  ['latency', 'incident.reminder', 'STILL SLOW: shop', 'warning'],
  ['latency', 'incident.resolved', 'RESOLVED (SLOW): shop', 'warning'],
  ['certChange', 'incident.opened', 'CERTIFICATE CHANGED: shop', 'warning'],
  ['dnsChange', 'incident.opened', 'DNS CHANGED: shop', 'warning'],
  ['dnssecExpiry', 'incident.reminder', 'REMINDER: DNSSEC SIGNATURE EXPIRES: shop', 'warning'],
  ['noData', 'incident.opened', 'NO DATA: shop', 'error'],
  ['noData', 'incident.resolved', 'RESOLVED (NO DATA): shop', 'error'],
  ['regionSuspect', 'incident.opened', 'REGION SUSPECT: shop', 'error'],
  ['regionSilent', 'incident.reminder', 'STILL REGION SILENT: shop', 'error'],
  ['channelDead', 'incident.opened', 'CHANNEL FAILS: shop', 'error'],
  ['someRule', 'incident.opened', 'SOME RULE: shop', 'warning'],
  ['down', 'test', 'TEST: shop', 'info'],
] as const)('%s as %s reads "%s"', (rule, type, title, severity) => {
  expect(textOf(aNotification({ rule, type }))).toMatchObject({ title, severity })
})

test('a check that has a name is called by its key and its name, on one line', () => {
  const title = (checkName: string) => textOf(aNotification({ checkName })).title
  expect(title('Shop front')).toBe('DOWN: shop (Shop front)')
  expect(title('Shop\r\nBcc: x')).toBe('DOWN: shop (Shop Bcc: x)')
  expect(title('x'.repeat(200))).toMatch(/^DOWN: shop \(x+…$/)
})

test('what is of no check is named by what it is about', () => {
  const own = { rule: 'channelDead', kind: 'sonde', checkKey: 'sonde', target: 'channel ops' }
  expect(textOf(aNotification(own)).title).toBe('CHANNEL FAILS: channel ops')
})

test.each([
  [null, 'CERTIFICATE EXPIRES: shop', 'warning'],
  ['tls_expired', 'CERTIFICATE EXPIRED: shop', 'critical'],
])('a certificate with the code %s reads "%s"', (code, title, severity) => {
  expect(textOf(aNotification({ rule: 'certExpiry', code }))).toMatchObject({ title, severity })
})

test('a message says what, where, since when, why, what was seen, what to do, and where to look', () => {
  expect(plainText(textOf(aNotification({ evidence: ['IPv6: tcp_timeout', 'IPv4: up'] })))).toBe(
    [
      'DOWN: shop',
      'What: shop is down in 1 of 1 region: tls_expired: it expired',
      'Target: http https://shop.example/',
      'Where: eu',
      'Since: 2026-01-01T00:00:30.000Z',
      'Why: nobody renewed it',
      'Seen at opening: IPv6: tcp_timeout; IPv4: up',
      'What to do: renew it',
      'Labels: team: web',
      'Incident: https://sonde.example/i/1',
      'Grafana: https://grafana.example/d/1?a=1&b=2',
    ].join('\n'),
  )
})

test('when it is over, nobody is told what to do', () => {
  const text = plainText(textOf(aNotification({ type: 'incident.resolved', evidence: ['x'] })))
  expect(text).toContain('Until: 2026-01-01T00:05:30.000Z')
  expect(text).not.toMatch(/What to do|Seen at opening/)
})

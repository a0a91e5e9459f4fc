import { expect, test } from 'vitest'
import { loadSettings } from './settings.ts'
import { variables } from './variables.ts'

const wrong: [name: keyof typeof variables, value: string, line: string][] = [
  ['SONDE_PORT', '70000', 'SONDE_PORT: expected a port between 1 and 65535, found "70000"'],
  ['SONDE_PORT', 'http', 'SONDE_PORT: expected a port between 1 and 65535, found "http"'],
  [
    'DATABASE_URL',
    'mysql://u:geheim@h/db',
    'DATABASE_URL: expected a URL such as postgres://user:password@host:5432/sonde',
  ],
  ['REDIS_URL', 'localhost', 'REDIS_URL: expected a URL such as redis://host:6379'],
  [
    'SONDE_LOG_LEVEL',
    'loud',
    'SONDE_LOG_LEVEL: expected trace, debug, info, warn, error, fatal or silent, found "loud"',
  ],
  [
    'SONDE_EGRESS_DENY',
    '10.0.0.0/8, 10.0.0.0/33',
    'SONDE_EGRESS_DENY: expected addresses or CIDRs separated by commas, found "10.0.0.0/33"',
  ],
  [
    'SONDE_CORS_ORIGINS',
    'https://a.example, https://b.example/',
    'SONDE_CORS_ORIGINS: expected origins such as https://wiki.example separated by commas, found "https://b.example/"',
  ],
  [
    'SONDE_EVIDENCE_RESOLVERS',
    '1.1.1.1,dns',
    'SONDE_EVIDENCE_RESOLVERS: expected addresses separated by commas, or off, found "dns"',
  ],
  ['SONDE_EVIDENCE_TRACEROUTE', 'no', 'SONDE_EVIDENCE_TRACEROUTE: expected on or off, found "no"'],
  [
    'SONDE_DEADMAN_URL',
    'switch.example/secret-id',
    'SONDE_DEADMAN_URL: expected a URL such as https://switch.example/ping/your-id',
  ],
  ['SONDE_SECRET_KEY', 'short', 'SONDE_SECRET_KEY: expected 32 bytes in base64 (openssl rand -base64 32), or several'],
  ['SONDE_REGION', 'Europe', 'SONDE_REGION: expected 1 to 32 of a-z, 0-9 and -, found "Europe"'],
  ['SONDE_RETENTION_RAW', '3h', 'SONDE_RETENTION_RAW: expected a duration of at least 1d, found "3h"'],
  ['SONDE_RETENTION_5M', '90', 'SONDE_RETENTION_5M: expected a duration of at least 1d, found "90"'],
  ['SONDE_RETENTION_1H', '-1d', 'SONDE_RETENTION_1H: expected a duration of at least 1d, found "-1d"'],
  ['SONDE_RETENTION_INCIDENTS', '1w', 'SONDE_RETENTION_INCIDENTS: expected a duration of at least 1d, found "1w"'],
  ['SONDE_RETENTION_1D', 'forever', 'SONDE_RETENTION_1D: expected a duration of at least 1d, found "forever"'],
]

test.each(wrong)('%s=%s is refused with one line', (name, value, line) => {
  expect(() => loadSettings({ [name]: variables[name] }, { [name]: value })).toThrow(line)
})

test('an absent variable that has no default is named', () => {
  expect(() => loadSettings({ DATABASE_URL: variables.DATABASE_URL }, {})).toThrow(
    'DATABASE_URL: is required and not set',
  )
})

test('an empty variable counts as absent', () => {
  expect(loadSettings({ SONDE_PORT: variables.SONDE_PORT }, { SONDE_PORT: '' })).toEqual({ SONDE_PORT: 4600 })
})

test('no message repeats a database password', () => {
  expect(() =>
    loadSettings({ DATABASE_URL: variables.DATABASE_URL }, { DATABASE_URL: 'mysql://u:geheim@h/db' }),
  ).not.toThrow('geheim')
})

test.each([
  [undefined, ['1.1.1.1:53', '9.9.9.9:53']],
  ['off', []],
  ['192.0.2.1, 2001:db8::1,192.0.2.2:5353', ['192.0.2.1:53', '[2001:db8::1]:53', '192.0.2.2:5353']],
])('the resolvers that are asked for evidence, of %s', (value, resolvers) => {
  const { SONDE_EVIDENCE_RESOLVERS } = variables
  expect(loadSettings({ SONDE_EVIDENCE_RESOLVERS }, { SONDE_EVIDENCE_RESOLVERS: value })).toEqual({
    SONDE_EVIDENCE_RESOLVERS: resolvers,
  })
})

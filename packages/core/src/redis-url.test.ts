import { expect, test } from 'vitest'
import { parseRedisUrl, type RedisAddress } from './redis-url.ts'

const plain: Partial<RedisAddress> = { kind: 'single', tls: false, database: 0, hosts: [{ host: 'h', port: 6379 }] }

const taken: [url: string, address: Partial<RedisAddress>][] = [
  ['redis://h', plain],
  ['redis://h:6380/3', { hosts: [{ host: 'h', port: 6380 }], database: 3 }],
  ['redis://h/', { database: 0 }],
  ['redis://[2001:db8::1]', { hosts: [{ host: '2001:db8::1', port: 6379 }] }],
  ['redis://:p%40ss@h', { user: undefined, password: 'p@ss' }],
  ['redis://eu:a@b:c@h', { user: 'eu', password: 'a@b:c', hosts: [{ host: 'h', port: 6379 }] }],
  ['rediss://h?ca=/etc/ca.pem', { tls: true, ca: '/etc/ca.pem' }],
  ['rediss://h?cert=/c&key=/k', { cert: '/c', key: '/k', ca: undefined }],
  [
    'redis+sentinel://u:p@a,b:26380/mymaster/2?sentinelPassword=s%26t',
    {
      kind: 'sentinel',
      hosts: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 26380 },
      ],
      master: 'mymaster',
      database: 2,
      password: 'p',
      sentinelPassword: 's&t',
    },
  ],
  [
    'rediss+cluster://a,[::1]:7001',
    {
      kind: 'cluster',
      tls: true,
      hosts: [
        { host: 'a', port: 6379 },
        { host: '::1', port: 7001 },
      ],
    },
  ],
]

test.each(taken)('%s', (url, address) => {
  expect(parseRedisUrl(url)).toMatchObject(address)
})

const refused: [url: string, message: RegExp][] = [
  ['localhost', /^expected a URL such as redis:\/\/host:6379, redis\+sentinel:/],
  ['http://h', /^expected a URL such as/],
  ['redis+shard://h', /^expected a URL such as/],
  ['redis://', /^expected host:port/],
  ['redis://h:0', /^expected host:port/],
  ['redis://h:x', /^expected host:port/],
  ['redis://:geheim/x@h', /^expected host:port .*percent-encode/],
  ['redis://:geheim%@h', /^expected percent-encoding/],
  ['redis://geheim@h', /^expected a password after the user/],
  ['redis://a,b', /^expected one host/],
  ['redis://h/geheim', /^expected a database number/],
  ['redis://h/1/2', /^expected a database number/],
  ['redis+sentinel://h', /^expected the name that the sentinels watch/],
  ['redis+cluster://h/1', /^a cluster has database 0 alone/],
  ['redis://h?ca=/geheim', /^ca belongs to TLS/],
  ['rediss://h?cert=/geheim', /^cert and key come together/],
  ['rediss://h?geheim=1', /^expected no parameters but ca, cert, key, sentinelUser, sentinelPassword$/],
  ['redis://h?sentinelPassword=geheim', /^sentinelPassword belongs to redis\+sentinel/],
]

test.each(refused)('%s is refused', (url, message) => {
  expect(() => parseRedisUrl(url)).toThrow(message)
  expect(() => parseRedisUrl(url)).not.toThrow('geheim')
})

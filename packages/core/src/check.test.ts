import { expect, test } from 'vitest'
import { Check, regionsOf } from './check.ts'
import { problemsOf } from './problem.ts'

const contractExample = {
  key: 'shop-front',
  name: 'Shop front',
  kind: 'http',
  target: 'https://shop.example/health',
  interval: '30s',
  timeout: '5s',
  regions: ['*'],
  enabled: true,
  labels: { team: 'web' },
  retries: 0,
  http: {},
  assertions: [
    { source: 'status', op: 'in', value: ['2xx'] },
    { source: 'body.json', path: '$.status', op: 'eq', value: 'ok' },
    { source: 'duration', op: 'lt', value: '800ms' },
  ],
  alerts: {
    failureThreshold: 2,
    successThreshold: 2,
    regions: 'majority',
    latency: { percentile: 95, above: '800ms', over: '5m' },
    certExpiry: ['30d', '14d', '3d'],
    noData: 3,
    channels: ['ops'],
  },
}

test('the example of the contract is a check', () => {
  expect(Check.parse(contractExample)).toMatchObject(contractExample)
})

test('what is left out gets its default', () => {
  expect(Check.parse({ key: 'a', kind: 'dns', target: 'example.org' })).toMatchObject({
    interval: '30s',
    timeout: '5s',
    regions: ['*'],
    enabled: true,
    dns: { recordType: 'A', recursionDesired: true },
    alerts: { failureThreshold: 2, regions: 'majority' },
  })
})

test('a check that was read is read again as the same', () => {
  const once = Check.parse(contractExample)
  expect(Check.parse(once)).toEqual(once)
})

const base = { key: 'a', kind: 'http', target: 'https://a.example/' }
const wrong: [input: unknown, path: string, message: string][] = [
  [{ ...base, kind: 'smtp' }, 'kind', 'expected "http" or "tls" or "dns" or "tcp" or "icmp", found "smtp"'],
  [{ ...base, kind: undefined }, 'kind', 'expected "http" or "tls" or "dns" or "tcp" or "icmp", found nothing'],
  [{ ...base, retries: 9 }, 'retries', 'expected at most 5, found 9'],
  [{ ...base, enabled: 'yes' }, 'enabled', 'expected boolean, found "yes"'],
  [{ ...base, target: undefined }, 'target', 'is required'],
  [{ ...base, http: { method: 'BREW' } }, 'http.method', 'or "OPTIONS", found "BREW"'],
  [{ ...base, key: 'Shop Front' }, 'key', 'expected 1 to 64 of a-z, 0-9 and -, found "Shop Front"'],
  [{ ...base, target: 'a.example' }, 'target', 'expected a URL such as https://example.org/health, found "a.example"'],
  [{ ...base, target: 'ftp://a.example' }, 'target', 'expected an http or https URL, found ftp:'],
  [{ ...base, target: 'https://u:p@a.example' }, 'target', 'expected no credentials in the URL'],
  [{ ...base, interval: '10 s' }, 'interval', 'expected a duration such as 250ms, 30s, 5m, 1h or 14d, found "10 s"'],
  [{ ...base, interval: '500ms' }, 'interval', 'expected between 1s and 24h, found 500ms'],
  [{ ...base, interval: '5s' }, 'timeout', 'expected less than interval (5s), found 5s'],
  [{ ...base, colour: 'red' }, 'colour', 'is not a field that Sonde knows'],
  [{ ...base, http: { verb: 'GET' } }, 'http.verb', 'is not a field that Sonde knows'],
  [{ ...base, tls: {} }, 'tls', 'is not a field that Sonde knows'],
  [
    { ...base, http: { headers: { 'x-a': 'b\r\nx-c: d' } } },
    'http.headers.x-a',
    'expected a header value without control characters',
  ],
  [
    { ...base, labels: { instance: 'x' } },
    'labels.instance',
    '"instance" is a label of Sonde\'s own metrics; choose another name',
  ],
  [{ ...base, labels: { 'a-b': 'x' } }, 'labels.a-b', 'expected a Prometheus label name, found "a-b"'],
  [
    { ...base, assertions: [{ source: 'body', op: 'matches', value: '(' }] },
    'assertions[0].value',
    'expected a pattern in RE2 syntax: ',
  ],
  [
    { ...base, assertions: [{ source: 'body.json', path: '$.[', op: 'exists' }] },
    'assertions[0].path',
    'expected a JSONPath (RFC 9535): ',
  ],
  [
    { ...base, assertions: [{ source: 'dns.rcode', op: 'eq', value: 'NOERROR' }] },
    'assertions[0].source',
    'a check of kind http has no dns.rcode; it is of dns',
  ],
  [
    { ...base, assertions: [{ source: 'header', op: 'exists' }] },
    'assertions[0].name',
    'expected the name of a header',
  ],
  [
    { ...base, assertions: [{ source: 'duration', op: 'lt', value: 'fast' }] },
    'assertions[0].value',
    'expected a duration such as 800ms',
  ],
  [{ ...base, assertions: [{ source: 'status', op: 'in', value: 200 }] }, 'assertions[0].value', 'in needs a list'],
  [{ ...base, assertions: [{ source: 'status', op: 'in', value: [200, '2x'] }] }, 'assertions[0].value', 'found "2x"'],
  [{ ...base, assertions: [{ source: 'tls.version', op: 'gte', value: 1.2 }] }, 'assertions[0].value', 'of TLSv1, TLS'],
  [{ ...base, assertions: [{ source: 'cert.issuer', op: 'lt', value: 5 }] }, 'assertions[0].op', 'cert.issuer is none'],
  [{ ...base, assertions: [{ source: 'duration', op: 'eq', value: 'fast' }] }, 'assertions[0].value', 'such as 800ms'],
  [{ ...base, assertions: [{ source: 'body.size', op: 'ne', value: true }] }, 'assertions[0].value', 'found true'],
  [
    { ...base, assertions: [{ source: 'tls.version', op: 'eq', value: '1.3' }] },
    'assertions[0].value',
    'TLSv1.3, found',
  ],
  [{ key: 'a', kind: 'tls', target: 'a.example' }, 'target', 'expected host:port, found "a.example"'],
  [{ key: 'a', kind: 'tls', target: 'a.example:99999' }, 'target', 'expected host:port, found "a.example:99999"'],
  [
    { key: 'a', kind: 'icmp', target: '192.0.2.1:80' },
    'target',
    'expected a host name or an IP address, found "192.0.2.1:80"',
  ],
  [{ key: 'a', kind: 'icmp', target: '192.0.2.1', icmp: { count: 21 } }, 'icmp.count', 'expected at most 20, found 21'],
  [
    { key: 'a', kind: 'dns', target: 'no spaces.example' },
    'target',
    'expected a domain name, found "no spaces.example"',
  ],
]

test.each(wrong)('%j is refused: %s %s', (input, path, message) => {
  const { error } = Check.safeParse(input)
  expect(error === undefined ? [] : problemsOf(error)).toContainEqual({
    path,
    message: expect.stringContaining(message) as string,
  })
})

test('a check runs in the regions it names, or in all with a star', () => {
  expect(regionsOf({ regions: ['*'] }, ['eu', 'us'])).toEqual(['eu', 'us'])
  expect(regionsOf({ regions: ['us', 'mars'] }, ['eu', 'us'])).toEqual(['us'])
})

import { expect, test } from 'vitest'
import { parseHosts, parseResolvConf } from './system-resolver.ts'

test('reads servers, search list and ndots from resolv.conf', () => {
  const text = `# made by hand
nameserver 192.0.2.53
nameserver 2001:db8::53 ; the second
nameserver not-an-address
domain old.example
search a.example. b.example
options timeout:2 ndots:5 rotate`
  expect(parseResolvConf(text)).toEqual({
    servers: ['192.0.2.53', '2001:db8::53'],
    search: ['a.example', 'b.example'],
    ndots: 5,
  })
})

test('asks the resolver of this machine when resolv.conf names none', () => {
  expect(parseResolvConf('')).toEqual({ servers: ['127.0.0.1'], search: [], ndots: 1 })
})

test('reads every address of a name from hosts, whatever its case', () => {
  const hosts = parseHosts('127.0.0.1 localhost Box # here\n::1 localhost\n127.0.0.1 box\nbroken line\n')
  expect(Object.fromEntries(hosts)).toEqual({ localhost: ['127.0.0.1', '::1'], box: ['127.0.0.1'] })
})

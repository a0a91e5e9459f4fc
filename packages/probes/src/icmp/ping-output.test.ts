import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePing } from './ping-output.ts'

const replies = `PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.
64 bytes from 192.0.2.1: icmp_seq=1 ttl=57 time=12.4 ms
64 bytes from 192.0.2.1: icmp_seq=3 ttl=56 time=11.0 ms

--- 192.0.2.1 ping statistics ---
3 packets transmitted, 2 received, 33.3333% packet loss, time 403ms
rtt min/avg/max/mdev = 11.000/11.700/12.400/0.700 ms
`

test('reads counts, round trips and the hop limit of the last reply', () => {
  expect(parsePing(replies)).toEqual({
    sent: 3,
    received: 2,
    errors: 0,
    firstError: null,
    rtt: { min: 11, avg: 11.7, max: 12.4, stddev: 0.7 },
    firstRttMs: 12.4,
    hopLimit: 56,
  })
})

test('reads IPv6, and errors that came instead of replies', () => {
  const output = `PING 2001:db8::1(2001:db8::1) 56 data bytes
From fd00::2 icmp_seq=1 Destination unreachable: Address unreachable
From fd00::2 icmp_seq=2 Destination unreachable: Address unreachable

--- 2001:db8::1 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1014ms
pipe 2
`
  expect(parsePing(output)).toMatchObject({
    sent: 2,
    received: 0,
    errors: 2,
    firstError: 'fd00::2: Destination unreachable: Address unreachable',
    rtt: null,
    hopLimit: null,
  })
})

test('reads duplicates and corrupted replies, which are received all the same', () => {
  const output = replies.replace('2 received,', '2 received, +1 duplicates, +1 corrupted,')
  expect(parsePing(output)).toMatchObject({ sent: 3, received: 2, errors: 0 })
})

test.each(['', 'ping: connect: Network is unreachable', replies.slice(0, 150)])('finds no report in %j', (output) => {
  expect(parsePing(output)).toBeUndefined()
})

test('takes any text without harm', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parsePing(replies + text)))
})

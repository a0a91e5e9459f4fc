import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answersOf, type DnsRecord, makeQuery, type Question, readMessage, readReply } from './dns-message.ts'
import { DnsFormatError, isWithin, labelsOf, nameToWire, readName, sameName } from './dns-name.ts'
import { canonicalRdata, rdataText } from './dns-rdata.ts'
import { typeNumber } from './dns-types.ts'

const question: Question = { name: 'shop.example', type: 'A', recursionDesired: true }

function record(type: string, hex: string): DnsRecord {
  const message = Buffer.from(hex.replace(/\s/g, ''), 'hex')
  return { name: 'x.example', type, class: 1, ttl: 1, message, start: 0, end: message.length }
}

const wire = (name: string): string => nameToWire(name).toString('hex')

test.each([
  ['A', 'c0000201', '192.0.2.1'],
  ['AAAA', '20010db8000000000000000000000001', '2001:db8::1'],
  ['AAAA', '00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
  ['MX', `000a${wire('Mail.Example')}`, '10 Mail.Example'],
  ['TXT', '0568656c6c6f036122620000', '"hello" "a\\"b" "" ""'],
  ['SOA', `${wire('ns.x')}${wire('m.x')}0000000100000002000000030000000400000005`, 'ns.x m.x 1 2 3 4 5'],
  ['SRV', `0001000201bb${wire('a.example')}`, '1 2 443 a.example'],
  ['CAA', '000569737375656c657473656e63727970742e6f7267', '0 issue "letsencrypt.org"'],
  ['NAPTR', `0064000a01750753495032553a5500${wire('.')}`, '100 10 "u" "SIP2U:U" "" .'],
  ['TLSA', '030101aabb', '3 1 1 AABB'],
  ['SSHFP', '0402abcd', '4 2 ABCD'],
  ['DS', '4f660802e06d', '20326 8 2 E06D'],
  ['NSEC', `${wire('b.example')}0006400000000003`, 'b.example A RRSIG NSEC'],
  ['NSEC3', '01000001 02aabb 05 0102030405 0001 40', '1 0 1 AABB 04106105 A'],
  ['RRSIG', `00010d02000000e10000000065000000 0001${wire('x')}01`, 'A 13 2 225 19700101000000 20230912060656 1 x AQ=='],
  ['HTTPS', `0001 00 0001 0006 02683202683 3`, '1 . alpn=h2,h3'],
  ['HTTPS', `0001 00 0001 0003 026832 0003 0002 01bb 0004 0004 c0000201`, '1 . alpn=h2 port=443 ipv4hint=192.0.2.1'],
  [
    'SVCB',
    `0010 ${wire('foo.example.org')} 0000 0004 0001 0004 0001 0003 026832 0004 0004 c0000201`,
    '16 foo.example.org mandatory=alpn,ipv4hint alpn=h2 ipv4hint=192.0.2.1',
  ],
  ['SVCB', `0001 ${wire('foo.example.com')} 029b 0005 68656c6c6f`, '1 foo.example.com key667="hello"'],
  ['HTTPS', `0000 ${wire('alias.example')}`, '0 alias.example'],
  ['URI', '000a0001 66747 03a2f2f78', '10 1 "ftp://x"'],
  ['EUI48', '00005e00532a', '00-00-5e-00-53-2a'],
  ['APL', '0001 15 03 c0a820 0001 1c 83 c0a826', '1:192.168.32.0/21 !1:192.168.38.0/28'],
  ['APL', '0002 08 01 ff', '2:ff00::/8'],
  ['IPSECKEY', '0a 01 02 c0000226 0102', '10 1 2 192.0.2.38 AQI='],
  ['IPSECKEY', `0a 03 02 ${wire('gw.example')} 01`, '10 3 2 gw.example AQ=='],
  ['IPSECKEY', '0a 00 00', '10 0 0 .'],
  ['IPSECKEY', '0a 02 02 20010db8000000000000000000000001 01', '10 2 2 2001:db8::1 AQ=='],
  ['HIP', `02 02 0003 aabb 010203 ${wire('rvs.example')}`, '2 AABB AQID rvs.example'],
  ['LOC', '00 12 16 13 8b2560d8 816bb115 00989680', '51 56 39.000 N 6 37 14.901 E 0.00m 1m 10000m 10m'],
  ['KEY', '0101 03 0d 01', '257 3 13 AQ=='],
  [
    'SIG',
    `0001 0d 02 000000e1 00000000 65000000 0001 ${wire('x')} 01`,
    'A 13 2 225 19700101000000 20230912060656 1 x AQ==',
  ],
  ['TA', '4f66 08 02 e06d', '20326 8 2 E06D'],
  ['TYPE65534', 'abcd', '\\# 2 ABCD'],
])('writes %s as zone files do: %s is %s', (type, hex, text) => {
  expect(rdataText(record(type, hex))).toBe(text)
})

test.each([
  ['A', 'c00002'],
  ['A', 'c000020101'],
  ['TXT', '0568'],
  ['MX', '000a'],
  ['HTTPS', '0001 00 0003 0002 01bb 0001 0003 026832'],
  ['NSEC', `${wire('b.example')}0020ff`],
  ['APL', '0001 15 05 c0a8200000'],
  ['APL', '0003 15 01 c0'],
  ['APL', '0003 00 00'],
  ['IPSECKEY', '0a 04 02 00'],
  ['HIP', '02 02 0003 aabb 01'],
  ['HIP', `00 02 0000 ${'00'.repeat(33)}`],
  ['LOC', '01 12 16 13 8b3c9cf8 816c8b55 00989680'],
])('refuses %s of %s', (type, hex) => {
  expect(() => rdataText(record(type, hex))).toThrow(DnsFormatError)
})

test('puts names within records in lower case to check signatures, where the type is an old one', () => {
  expect(canonicalRdata(record('MX', `000a${wire('Mail.Example')}`)).toString('hex')).toBe(
    `000a${wire('mail.example')}`,
  )
  expect(canonicalRdata(record('HTTPS', `0000${wire('Mail.Example')}`)).toString('hex')).toBe(
    `0000${wire('Mail.Example')}`,
  )
})

test('keeps odd octets of names apart from dots', () => {
  const odd = Buffer.from([3, 0x61, 0x2e, 0x62, 2, 0, 0xff, 0])
  expect(readName(odd, 0)).toEqual({ name: 'a\\.b.\\000\\255', next: 8 })
  expect(labelsOf('a\\.b.\\000\\255')).toEqual(['a\\.b', '\\000\\255'])
  expect(nameToWire('a\\.b.\\000\\255')).toEqual(odd)
  expect(isWithin('x.a\\.b', 'b')).toBe(false)
  expect(sameName('A.example.', 'a.EXAMPLE')).toBe(true)
})

test('every name survives the wire', () => {
  const label = fc.uint8Array({ minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(fc.array(label, { maxLength: 8 }), (labels) => {
      const bytes = Buffer.concat([
        ...labels.map((octets) => Buffer.from([octets.length, ...octets])),
        Buffer.from([0]),
      ])
      const { name, next } = readName(bytes, 0)
      expect(next).toBe(bytes.length)
      expect(nameToWire(name)).toEqual(bytes)
      expect(labelsOf(name)).toHaveLength(labels.length)
    }),
  )
})

test('mixes the case of the name, and takes the answer for its own all the same', () => {
  const spellings = new Set(Array.from({ length: 20 }, () => readName(makeQuery(question).packet, 12).name))
  expect(spellings.size).toBeGreaterThan(5)
  const query = makeQuery(question)
  const reply = readReply(query, answerTo(query.packet))
  expect(reply).toMatchObject({ rcode: 'NOERROR', otherCase: false })
  if (typeof reply !== 'object') throw new Error('no reply')
  const [answer] = answersOf(reply.message, 'shop.example', 'A')
  expect(answer?.name).toBe('shop.example')
})

function answerTo(packet: Buffer): Buffer {
  const bytes = Buffer.concat([
    packet.subarray(0, packet.length - 11),
    Buffer.from('c00c00010001000000010004c0000201', 'hex'),
  ])
  bytes.writeUInt16BE(0x8180, 2)
  bytes.writeUInt16BE(1, 6)
  bytes.writeUInt16BE(0, 10)
  return bytes
}

test.each(['c00c', 'c00e', 'c00c'.repeat(50)])('refuses a compression pointer that loops: %s', (pointers) => {
  const header = Buffer.from('000081800001000000000000', 'hex')
  const bytes = Buffer.concat([header, Buffer.from(pointers, 'hex'), Buffer.from('00010001', 'hex')])
  expect(() => readMessage(bytes)).toThrow(DnsFormatError)
})

// Most of a message that is really one, so that the reader gets far before it meets what is wrong.
const nearlyAMessage = fc
  .tuple(
    fc.array(fc.constantFrom('c00c', '00', '03616263c00c', '0161', 'c0', 'c01e'), { maxLength: 8 }),
    fc.array(fc.constantFrom('A', 'TXT', 'SOA', 'NSEC3', 'HTTPS', 'RRSIG', 'MX', 'CNAME', 'OPT', 'LOC'), {
      maxLength: 30,
    }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(fc.nat(0xffff), { minLength: 4, maxLength: 4 }),
  )
  .map(([names, types, tail, counts]) => {
    const header = Buffer.alloc(12)
    header.writeUInt16BE(0x8180, 2)
    counts.forEach((count, index) => header.writeUInt16BE(index === 0 ? 1 : count % (types.length + 2), 4 + index * 2))
    const records = types.map((type, index) => {
      const data = tail.subarray(index, index + ((tail[index] ?? 0) % 40))
      const fixed = Buffer.alloc(10)
      fixed.writeUInt16BE(typeNumber(type), 0)
      fixed.writeUInt16BE(1, 2)
      fixed.writeUInt16BE(data.length, 8)
      return Buffer.concat([Buffer.from(names[index % Math.max(1, names.length)] ?? '00', 'hex'), fixed, data])
    })
    return Buffer.concat([
      header,
      nameToWire('abc.example'),
      Buffer.from('00010001', 'hex'),
      ...records,
      Buffer.from(tail),
    ])
  })

test('reads or refuses whatever comes: nothing else, and not slowly', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        nearlyAMessage,
        fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
      ),
      (bytes) => {
        try {
          const { answers, authorities, additionals } = readMessage(bytes)
          for (const one of [...answers, ...authorities, ...additionals]) {
            expect(rdataText(one).length).toBeLessThan(10 * bytes.length + 2000)
            canonicalRdata(one)
          }
          answersOf(readMessage(bytes), 'abc.example', 'A')
        } catch (error) {
          expect(error).toBeInstanceOf(DnsFormatError)
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test('reads the worst of 64 KiB in no time', () => {
  // Names of 127 labels, one in each record, each reached through pointers: the most work for the fewest octets.
  const names = Buffer.concat([Buffer.from('0161'.repeat(126), 'hex'), Buffer.from([0])])
  const header = Buffer.from('0000818000000000000000000', 'hex')
  const records: Buffer[] = []
  for (let left = 65_535 - 12 - names.length - 30; left >= 12; left -= 12)
    records.push(Buffer.from('c0170001000100000000 0000'.replace(' ', ''), 'hex'))
  const first = Buffer.concat([
    Buffer.from([0]),
    Buffer.from('0001000100000000', 'hex'),
    Buffer.from([names.length >> 8, names.length & 0xff]),
    names,
  ])
  header.writeUInt16BE(records.length + 1, 6)
  const bytes = Buffer.concat([header, first, ...records])
  const startMs = performance.now()
  expect(readMessage(bytes).answers).toHaveLength(records.length + 1)
  expect(performance.now() - startMs).toBeLessThan(200)
})

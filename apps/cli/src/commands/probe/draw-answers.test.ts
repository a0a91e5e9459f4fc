import type { DnsFacts, DnsReplyFacts } from '@sonde/core'
import { expect, test } from 'vitest'
import { drawAnswers } from './draw-answers.ts'
import { inkFor } from './ink.ts'

const reply: DnsReplyFacts = {
  server: 'udp://192.0.2.53:53',
  rcode: 'NOERROR',
  flags: ['qr', 'rd'],
  answers: [{ name: 'shop.example', type: 'A', ttl: 60, data: '192.0.2.1' }],
  answerCount: 120,
  authorityCount: 0,
  additionalCount: 0,
  serial: null,
}

function draw(dns: DnsFacts): string {
  const lines = drawAnswers(dns, inkFor({ columns: 80 }, {}))
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  return lines.join('\n')
}

test('draws what DNSSEC says, and how long it will', () => {
  expect(draw({ ...reply, status: 'secure', statusReason: null, signatureDaysLeft: 13.5 })).toContain(
    'DNSSEC · secure · signatures good for 13.5 days',
  )
  const reason = 'the signature of a.example A expired 2 days ago'
  expect(draw({ ...reply, status: 'bogus', statusReason: reason, signatureDaysLeft: -2 })).toContain(`bogus: ${reason}`)
  expect(draw(reply)).not.toContain('DNSSEC')
})

test('draws a line for each of several servers, and that answers were left out', () => {
  const text = draw({
    ...reply,
    agree: false,
    servers: [
      {
        server: 'udp://192.0.2.53:53',
        ip: '192.0.2.53',
        durationMs: 1.25,
        reply: { ...reply, serial: 7 },
        error: null,
      },
      {
        server: 'https://a-resolver-with-a-very-long-name.example/dns-query',
        ip: null,
        durationMs: 300,
        reply: null,
        error: { code: 'dns_timeout', message: 'no answer' },
      },
    ],
  })
  expect(text).toContain('and 119 more')
  expect(text).toContain('the servers differ')
  expect(text).toMatch(/udp:\/\/192\.0\.2\.53:53 +1\.25 ms {2}NOERROR · 120 answers · serial 7/)
  expect(text).toMatch(/https:\/\/a-resolver-with-a-very-… +300 ms {2}dns_timeout/)
})

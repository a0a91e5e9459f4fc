import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blanksOf, explain, failureCodes, failures, missed, missedReasons, phaseNames } from './failure.ts'

const texts = { ...failures, ...missed }
const codes = [...failureCodes, ...missedReasons]

test('fills an expired certificate in with what was seen', () => {
  const seen = { certificate: 'CN=interexp (2nd of 3)', ago: '2 days ago', leafUntil: '2027-01-01' }
  expect(explain('tls_expired', 'm', seen)).toEqual({
    code: 'tls_expired',
    phase: 'tls',
    message: 'm',
    cause: 'Certificate CN=interexp (2nd of 3) expired 2 days ago.',
    remedy: 'Renew it on the server that sends it, and reload that server; the leaf is good until 2027-01-01.',
  })
})

test.each(codes)('%s reads as sentences, whether all, some or none of its blanks are filled', (code) => {
  const { cause, remedy, phase } = texts[code]
  expect(phaseNames).toContain(phase)
  const blanks = [...blanksOf(cause), ...blanksOf(remedy)]
  fc.assert(
    fc.property(fc.subarray(blanks), (known) => {
      const said = explain(code, '', Object.fromEntries(known.map((name) => [name, 'xyz'])))
      for (const text of [said.cause, said.remedy]) {
        expect(text).toMatch(/^[A-Zx][^{}|*]+[.)]$/)
        expect(text).not.toMatch(/ {2}| [,.;:]|[,;:][,.;:]/)
      }
    }),
  )
})

test('what a target sends is filled in as it is, and cut where it is long', () => {
  expect(explain('tcp_refused', '', { address: '{address|x} $& *' }).cause).toContain('listens on {address|x} $& *, or')
  expect(explain('tcp_refused', '', { address: 'x'.repeat(5000) }).cause.length).toBeLessThan(500)
  expect(explain('tcp_refused', '', { address: '' }).cause).toContain('that address and port')
  expect(explain('tcp_refused', '', { toString: 'x' }).cause).toContain('that address and port')
})

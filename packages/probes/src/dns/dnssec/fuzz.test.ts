import { havePrograms, type Knot, startKnot } from '@sonde/testkit/targets'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DnsMessage, type Question, readMessage } from '../../net/dns-message.ts'
import { DnsFormatError } from '../../net/dns-name.ts'
import { rdataText } from '../../net/dns-rdata.ts'
import { egressPolicy } from '../../net/egress.ts'
import { openChannel } from '../channel.ts'
import { validate } from './validate.ts'

const records = 'www A 192.0.2.1\n*.wild TXT "a" "b"\nalias CNAME www\n'
const ecdsa = { algorithm: 'ecdsap256sha256' }
const policy = { nsec3: 'on', 'nsec3-iterations': '3' }
const nowSeconds = Math.floor(Date.now() / 1000)

describe.skipIf(!havePrograms('knotd', 'kzonesign', 'keymgr'))('of signed answers', () => {
  let knot: Knot
  beforeAll(async () => {
    knot = await startKnot([
      { name: 'lab', records, sign: ecdsa },
      { name: 'hashed.lab', records, sign: { ...ecdsa, policy } },
    ])
  })
  afterAll(() => knot[Symbol.asyncDispose]())

  async function answerOf(question: Question): Promise<DnsMessage> {
    const context = {
      signal: new AbortController().signal,
      deadlineMs: performance.now() + 5000,
      egress: egressPolicy({ deny: [], allow: [] }),
    }
    using channel = await openChannel(`tcp://127.0.0.1:${knot.port}`, context)
    const { message } = await channel.ask(question, context)
    return message
  }

  const ask = (name: string, type: string): Question => ({ name, type, recursionDesired: false, signatures: true })

  test.each([
    ['www.lab', 'A'],
    ['x.wild.hashed.lab', 'TXT'],
    ['alias.hashed.lab', 'A'],
    ['missing.lab', 'A'],
    ['missing.hashed.lab', 'A'],
  ])('no change of a few octets breaks the validator, or makes another answer secure: %s %s', async (name, type) => {
    const question = ask(name, type)
    const original = await answerOf(question)
    const chain = new Map<string, Promise<DnsMessage>>()
    const lookUp = (zone: string, of: 'DS' | 'DNSKEY'): Promise<DnsMessage> => {
      const key = `${of} ${zone}`
      const known = chain.get(key) ?? answerOf(ask(zone, of))
      chain.set(key, known)
      return known
    }
    const options = { anchors: knot.anchors('lab'), lookUp, nowSeconds }
    expect(await validate(question, original, options)).toMatchObject({ status: 'secure' })
    const bytes = [...original.answers, ...original.authorities][0]?.message ?? Buffer.alloc(0)
    const dataOf = (message: DnsMessage): string[] =>
      message.answers.filter((one) => one.type === type).map((one) => `${one.name.toLowerCase()} ${rdataText(one)}`)
    const change = fc.tuple(fc.integer({ min: 2, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = Buffer.from(bytes)
        for (const [at, by] of changes) changed[at] = (changed[at] as number) ^ by
        try {
          const message = readMessage(changed)
          const { status } = await validate(question, message, options)
          if (status === 'secure') expect(dataOf(message)).toEqual(dataOf(original))
        } catch (error) {
          if (!(error instanceof DnsFormatError)) throw error
        }
      }),
      { numRuns: 400 },
    )
  })
})

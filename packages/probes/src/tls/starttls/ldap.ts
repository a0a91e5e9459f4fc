import { DerReader } from '../der.ts'
import type { Dialogue } from './dialogue.ts'

// An ExtendedRequest, message 1, of the name 1.3.6.1.4.1.1466.20037.
const request = Buffer.concat([Buffer.from('301d02010177188016', 'hex'), Buffer.from('1.3.6.1.4.1.1466.20037')])

/** RFC 4511 4.14: an extended operation, and its result. */
export async function ldap(dialogue: Dialogue): Promise<void> {
  dialogue.write(request)
  const answer = await message(dialogue)
  const { code, said } = resultOf(answer) ?? {}
  if (code === undefined) throw dialogue.refusal('answers with what is not LDAP', answer.toString('latin1'))
  if (code !== 0) throw dialogue.refusal('refuses StartTLS', `result code ${code}${said === '' ? '' : `, ${said}`}`)
}

async function message(dialogue: Dialogue): Promise<Buffer> {
  const start = await dialogue.bytes(2)
  const [tag, short = 0] = start
  if (tag !== 0x30) throw dialogue.refusal('answers with what is not LDAP', start.toString('latin1'))
  if (short < 0x80) return Buffer.concat([start, await dialogue.bytes(short)])
  if (short === 0x80 || short > 0x84) throw dialogue.refusal('answers with what is not LDAP', start.toString('latin1'))
  const long = await dialogue.bytes(short & 0x7f)
  return Buffer.concat([start, long, await dialogue.bytes(long.readUIntBE(0, long.length))])
}

const extendedResponse = 0x78

function resultOf(answer: Buffer): { code: number; said: string } | undefined {
  try {
    const [, response] = new DerReader(answer).one().children()
    if (response?.tag !== extendedResponse) return undefined
    const [code, , said] = response.children()
    if (code === undefined) return undefined
    return { code: code.content[0] ?? 0, said: said?.content.toString('utf8') ?? '' }
  } catch {
    return undefined
  }
}

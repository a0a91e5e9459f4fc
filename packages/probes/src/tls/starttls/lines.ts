import { isIPv6 } from 'node:net'
import type { Dialogue } from './dialogue.ts'

/** RFC 3207: greeting, EHLO, and STARTTLS only where it is offered. */
export async function smtp(dialogue: Dialogue): Promise<void> {
  const greeting = await reply(dialogue)
  if (greeting.code !== 220) throw dialogue.refusal('does not greet with 220', greeting.text)
  // An address literal (RFC 5321 4.1.3): this machine's name may be none that a mail server takes.
  const address = dialogue.localAddress
  dialogue.write(`EHLO [${isIPv6(address) ? 'IPv6:' : ''}${address}]\r\n`)
  const hello = await reply(dialogue)
  if (hello.code !== 250) throw dialogue.refusal('refuses EHLO', hello.text)
  if (!hello.lines.some((line) => /^STARTTLS\s*$/i.test(line))) throw dialogue.refusal('offers no STARTTLS', hello.text)
  dialogue.write('STARTTLS\r\n')
  const answer = await reply(dialogue)
  if (answer.code !== 220) throw dialogue.refusal('refuses STARTTLS', answer.text)
}

/** RFC 4217: greeting, then AUTH TLS. */
export async function ftp(dialogue: Dialogue): Promise<void> {
  let greeting = await reply(dialogue)
  // 120: ready in a while, and then 220.
  if (greeting.code === 120) greeting = await reply(dialogue)
  if (greeting.code !== 220) throw dialogue.refusal('does not greet with 220', greeting.text)
  dialogue.write('AUTH TLS\r\n')
  const answer = await reply(dialogue)
  if (answer.code !== 234) throw dialogue.refusal('refuses AUTH TLS', answer.text)
}

/** RFC 9051 6.2.1. Untagged lines may come before the answer to our command. */
export async function imap(dialogue: Dialogue): Promise<void> {
  const greeting = await dialogue.line()
  if (!/^\* OK\b/i.test(greeting)) throw dialogue.refusal('does not greet with "* OK"', greeting)
  dialogue.write('a1 STARTTLS\r\n')
  let answer = await dialogue.line()
  while (answer.startsWith('* ') && !/^\* BYE\b/i.test(answer)) answer = await dialogue.line()
  if (!/^a1 OK\b/i.test(answer)) throw dialogue.refusal('refuses STARTTLS', answer)
}

/** RFC 2595 4. */
export async function pop3(dialogue: Dialogue): Promise<void> {
  const greeting = await dialogue.line()
  if (!greeting.startsWith('+OK')) throw dialogue.refusal('does not greet with "+OK"', greeting)
  dialogue.write('STLS\r\n')
  const answer = await dialogue.line()
  if (!answer.startsWith('+OK')) throw dialogue.refusal('refuses STLS', answer)
}

type Reply = { code: number; lines: string[]; text: string }

/** A reply of SMTP or FTP: `250-` goes on, `250 ` ends it. FTP may write anything in between (RFC 959 4.2). */
async function reply(dialogue: Dialogue): Promise<Reply> {
  const first = await dialogue.line()
  const [, digits, sign] = /^(\d{3})([ -]|$)/.exec(first) ?? []
  if (digits === undefined) throw dialogue.refusal('answers with what is no reply', first)
  const all = [first]
  for (let last = first; sign === '-' && !(all.length > 1 && last.startsWith(`${digits} `)); all.push(last)) {
    last = await dialogue.line()
    // Some end with the digits alone.
    if (last === digits) break
  }
  return { code: Number(digits), lines: all.map((line) => line.replace(/^\d{3}[ -]/, '')), text: all.join(' ') }
}

import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { encodeCursor } from './cursor.ts'

/**
 * A page of a list by key as JSON text, from batches of items that are text already, as they come: at most `limit` items, and
 * `nextCursor` after the last of them where there are more.
 */
export async function* listTexts(
  batches: AsyncIterable<readonly { key: string; text: string }[]>,
  limit: number,
): AsyncGenerator<string> {
  let count = 0
  let last: string | undefined
  let hasMore = false
  yield '{"items":['
  for await (const items of batches) {
    const shown = items.slice(0, limit - count)
    if (shown.length > 0) yield `${count === 0 ? '' : ','}${shown.map(({ text }) => text).join()}`
    count += shown.length
    last = shown.at(-1)?.key ?? last
    hasMore = shown.length < items.length
    if (hasMore) break
  }
  const cursor = hasMore && last !== undefined ? encodeCursor(last) : null
  yield `],"nextCursor":${JSON.stringify(cursor)}}`
}

/**
 * Answers with a JSON text that is made while it is sent, as fast as the reader takes it. What fails before there is any of it is an
 * answer of its own; later the answer is cut off, so that nobody takes it for whole.
 */
export async function sendTexts(reply: FastifyReply, texts: AsyncGenerator<string>): Promise<FastifyReply> {
  const begun: string[] = []
  for (let length = 0; length < wholeLength; ) {
    const { done, value } = await texts.next()
    if (done === true) return sendJson(reply, begun.join(''))
    begun.push(value)
    length += value.length
  }
  return reply.type(jsonType).send(Readable.from(continued(begun.join(''), texts)))
}

const jsonType = 'application/json; charset=utf-8'
// What is shorter goes as a whole, and says how long it is.
const wholeLength = 65_536

async function* continued(begun: string, texts: AsyncGenerator<string>): AsyncGenerator<string> {
  yield begun
  yield* texts
}

/** Answers with what is JSON already. */
export function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type(jsonType).send(text)
}

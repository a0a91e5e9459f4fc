import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** What is in the queue in the place of a payload that is worth it: its JSON, deflated (RFC 1951), in base64. */
type Packed = { deflated: string }

// A heartbeat or a single result is sent as it is.
const worthItBytes = 2048

// The checks of a batch, and the results of a chunk, say nearly the same again and again: what is found first is most of it.
const level = 1

/** 256 results are 256 kB, and with all that they may hold some MB. What unpacks to more was not sent by a worker. */
export const unpackedBytesAtMost = 64 * 1024 * 1024

/** The payload, or what stands for it: a batch of 64 probes is 29 kB, and packed less than 2. */
export function packed(payload: unknown): unknown {
  const text = JSON.stringify(payload)
  if (text.length < worthItBytes) return payload
  return { deflated: deflateRawSync(text, { level }).toString('base64') } satisfies Packed
}

/** What was packed, as it was; throws when it cannot be read, or is larger than anything that is sent. */
export function unpacked(data: unknown): unknown {
  if (!isPacked(data)) return data
  const bytes = inflateRawSync(Buffer.from(data.deflated, 'base64'), { maxOutputLength: unpackedBytesAtMost })
  return JSON.parse(bytes.toString('utf8'))
}

function isPacked(data: unknown): data is Packed {
  return typeof data === 'object' && data !== null && 'deflated' in data && typeof data.deflated === 'string'
}

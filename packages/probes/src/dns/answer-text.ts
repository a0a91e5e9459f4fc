import type { Answer } from 'dns-packet'

/** A record's data as zone files write it (RFC 1035 5.1), as far as it is a plain value; other types as JSON. */
export function answerText(answer: Answer): string {
  if (!('data' in answer)) return ''
  const { data } = answer
  if (typeof data === 'string') return data
  if (Buffer.isBuffer(data)) return data.toString('hex')
  return JSON.stringify(data, (_, value: unknown) =>
    isBufferJson(value) ? Buffer.from(value.data).toString('hex') : value,
  )
}

function isBufferJson(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value
}

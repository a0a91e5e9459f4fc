import type { FailureCode } from '@sonde/core'
import { errors } from 'undici'
import { codeOf, isOurFault, messageOf, TargetFailure } from '../failure.ts'
import { handshakeFailure, isTlsError } from '../tls/handshake-failure.ts'

/** How far an exchange had come when it failed. */
export type Progress = { url: string; status: number | undefined; bodyBytes: number; h2c: boolean }

const codes: Record<string, FailureCode> = {
  UND_ERR_HEADERS_OVERFLOW: 'http_header_overflow',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'http_closed',
  UND_ERR_SOCKET: 'http_closed',
  UND_ERR_CLOSED: 'http_closed',
  UND_ERR_INFO: 'http_closed',
  ECONNRESET: 'http_reset',
  ECONNABORTED: 'http_reset',
  EPIPE: 'http_reset',
  ETIMEDOUT: 'http_reset',
  EHOSTUNREACH: 'http_reset',
  ENETUNREACH: 'http_reset',
  ERR_STREAM_PREMATURE_CLOSE: 'http_closed',
  ERR_HTTP2_SESSION_ERROR: 'http_reset',
  ERR_HTTP2_STREAM_ERROR: 'http_reset',
  ERR_HTTP2_STREAM_CANCEL: 'http_reset',
  ERR_HTTP2_ERROR: 'http_malformed',
}

/**
 * What an error of undici, of its parser, of HTTP/2 or of the socket says of the target; an error that is ours comes back as
 * it is.
 */
export function exchangeFailure(error: unknown, progress: Progress): unknown {
  if (error instanceof TargetFailure || isOurFault(error)) return error
  if (isTlsError(error)) return handshakeFailure(error, Number.POSITIVE_INFINITY)
  const text = messageOf(error)
  if (progress.status === undefined && tooManyLines.test(text)) return overflow(progress, error)
  const code = failureCode(error, text)
  if (code === undefined) return error
  // A server that was spoken to in HTTP/2 without being asked first answers in HTTP/1.1, or hangs up.
  if (!progress.h2c || progress.status !== undefined) return failure(code, progress, text, error)
  const message = `${progress.url} does not speak HTTP/2 without TLS: ${text}`
  return new TargetFailure('http_version', message, { cause: error, seen: { version: 'HTTP/2 without TLS' } })
}

// node:http2 itself ends a stream that has more than 128 lines of headers; a server that asks for calm ends the session.
const tooManyLines = /^Stream closed with error code NGHTTP2_ENHANCE_YOUR_CALM/
const mostLines = '128 lines over HTTP/2'

function overflow({ url }: Progress, cause: unknown): TargetFailure {
  const message = `the headers of ${url} are more than ${mostLines}`
  return new TargetFailure('http_header_overflow', message, { cause, seen: { url, limit: mostLines } })
}

function failureCode(error: unknown, text: string): FailureCode | undefined {
  // The parser's errors say what they are in their text alone.
  if (error instanceof errors.HTTPParserError) return text.includes('EOF') ? 'http_closed' : 'http_malformed'
  const code = codeOf(error)
  // "bad response" and "bad upgrade" is all that undici says of a server that sends what it must not.
  if (code === 'UND_ERR_SOCKET' && text.startsWith('bad ')) return 'http_malformed'
  return codes[code]
}

function failure(code: FailureCode, progress: Progress, text: string, cause: unknown): TargetFailure {
  const { url, status, bodyBytes } = progress
  const came = status === undefined ? 'before the headers were complete' : `after ${bodyBytes} bytes of the body`
  const what: Partial<Record<FailureCode, string>> = {
    http_closed: `${url} closed the connection ${came}`,
    http_reset: `the connection to ${url} was reset ${came} (${text})`,
    http_header_overflow: `the headers of ${url} are larger than 32 KiB`,
  }
  return new TargetFailure(code, what[code] ?? `${url}: ${text}`, { cause, seen: { url, reason: text } })
}

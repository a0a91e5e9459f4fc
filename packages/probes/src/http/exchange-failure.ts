import type { FailureCode } from '@sonde/core'
import { codeOf, isOurFault, messageOf, TargetFailure } from '../failure.ts'
import { handshakeFailure, isTlsError } from '../tls/handshake-failure.ts'

/** How far an exchange had come when it failed. */
export type Progress = { url: string; status: number | undefined; bodyBytes: number; h2c: boolean }

const codes: Record<string, FailureCode> = {
  UND_ERR_HEADERS_OVERFLOW: 'http_header_overflow',
  HPE_HEADER_OVERFLOW: 'http_header_overflow',
  // The end of the connection in the middle of a message.
  HPE_INVALID_EOF_STATE: 'http_closed',
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
 * What an error of undici, of its parser, of HTTP/2 or of the socket says of the target; an error that is ours comes back as it
 * is. `socketError` is what befell the socket first: undici takes a reset for the end of a body without length.
 */
export function exchangeFailure(error: unknown, socketError: Error | undefined, progress: Progress): unknown {
  if (error instanceof TargetFailure || isOurFault(error)) return error
  if (isTlsError(error)) return handshakeFailure(error, Number.POSITIVE_INFINITY)
  const cause = socketError !== undefined && codeOf(socketError) === 'ECONNRESET' ? socketError : error
  const code = codeOf(cause)
  const text = messageOf(cause)
  // Of the messages of a server that misbehaves undici says only that.
  if (code === 'UND_ERR_SOCKET' && text.startsWith('bad ')) return failure('http_malformed', progress, text, cause)
  // A server that was spoken to in HTTP/2 without being asked first answers in HTTP/1.1, or hangs up.
  if (progress.h2c && progress.status === undefined) {
    return new TargetFailure('http_version', `${progress.url} does not speak HTTP/2 without TLS: ${text}`, { cause })
  }
  if (code.startsWith('HPE_') && codes[code] === undefined) return failure('http_malformed', progress, text, cause)
  const known = codes[code]
  return known === undefined ? error : failure(known, progress, text, cause)
}

function failure(code: FailureCode, progress: Progress, text: string, cause: unknown): TargetFailure {
  const { url, status, bodyBytes } = progress
  const came = status === undefined ? 'before the headers were complete' : `after ${bodyBytes} bytes of the body`
  const what: Partial<Record<FailureCode, string>> = {
    http_closed: `${url} closed the connection ${came}`,
    http_reset: `the connection to ${url} was reset ${came} (${text})`,
    http_header_overflow: `the headers of ${url} are larger than 32 KiB`,
  }
  return new TargetFailure(code, what[code] ?? `${url}: ${text}`, { cause })
}

import type { FailureCode } from '@sonde/core'
import { codeOf, messageOf, TargetFailure } from '../failure.ts'

// A server that refuses the hello itself answers with one alert of 7 bytes; if more came, it had sent its certificate before.
const bytesOfAnAlert = 7

// OpenSSL's reasons, as Node spells them, for which we have a name.
const reasons: Record<string, FailureCode> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls_not_tls',
  ERR_SSL_HTTP_REQUEST: 'tls_not_tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls_not_tls',
  ERR_SSL_RECORD_LAYER_FAILURE: 'tls_not_tls',
  ERR_SSL_UNEXPECTED_MESSAGE: 'tls_not_tls',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls_protocol_version',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls_protocol_version',
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: 'tls_protocol_version',
  ERR_SSL_VERSION_TOO_LOW: 'tls_protocol_version',
  ERR_SSL_WRONG_SSL_VERSION: 'tls_protocol_version',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'tls_client_cert_required',
}

// RFC 5246 7.4.6: what a server may say when we sent no certificate although it asked for one.
const afterCertificateRequest =
  /ALERT_(?:HANDSHAKE_FAILURE|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|ACCESS_DENIED|NO_CERTIFICATE)$/

/** What an error in a handshake says of the target. `bytesRead` is how much of the server's handshake had come. */
export function handshakeFailure(error: unknown, bytesRead: number): TargetFailure {
  const code = codeOf(error)
  const text = sslText(error)
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
    const closed = messageOf(error).includes('disconnected before secure')
    const after = bytesRead === 0 ? 'before it answered our ClientHello' : `after ${bytesRead} bytes`
    return new TargetFailure('tls_reset', `the server ${closed ? 'closed' : 'reset'} the connection ${after}`, {
      cause: error,
    })
  }
  const known = reasons[code]
  if (known !== undefined) {
    const what = known === 'tls_not_tls' ? `what the server sent is not TLS (${text})` : text
    return new TargetFailure(known, what, { cause: error })
  }
  if (afterCertificateRequest.test(code) && bytesRead > bytesOfAnAlert) {
    return new TargetFailure('tls_client_cert_required', `after its own certificate the server sent: ${text}`, {
      cause: error,
    })
  }
  return new TargetFailure('tls_handshake_failed', text, { cause: error })
}

/** Whether an error comes from TLS itself; alerts after a TLS 1.3 handshake arrive with the first read. */
export function isTlsError(error: unknown): boolean {
  return codeOf(error).startsWith('ERR_SSL_') || codeOf(error).startsWith('ERR_TLS_')
}

/** `40…:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../deps/…` is "tlsv1 alert protocol version". */
function sslText(error: unknown): string {
  const text = messageOf(error)
  return /:SSL routines:[^:]*:([^:]+)/.exec(text)?.[1] ?? text
}

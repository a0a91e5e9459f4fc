import type { FailureCode, Seen, TlsSettings } from '@sonde/core'
import { codeOf, messageOf, TargetFailure } from '../failure.ts'

/** What we brought to the handshake, as far as a server may object to it. */
export type Offer = { maxVersion?: TlsSettings['maxVersion']; clientCertificate?: boolean }

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
  // More than OpenSSL takes; its certificates are the one message of a server that can be this long.
  ERR_SSL_EXCESSIVE_MESSAGE_SIZE: 'tls_invalid_chain',
}

// What OpenSSL says of a certificate in the handshake that is none.
const unreadable =
  /^ERR_(?:OSSL_(?:ASN1|X509|EVP)_|SSL_(?:BAD_X509|CERT_LENGTH|UNABLE_TO_FIND_PUBLIC_KEY|UNKNOWN_CERT))/

// RFC 5246 7.2.2: what a server may say when we sent no certificate although it asked for one.
const afterCertificateRequest =
  /ALERT_(?:HANDSHAKE_FAILURE|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|ACCESS_DENIED|NO_CERTIFICATE)$/
// And what of one that it does not like.
const afterOurCertificate =
  /ALERT_(?:HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN|REQUIRED)|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)$/

// Such an alert after the handshake can only be about a certificate that we showed.
const aboutCertificate = /ALERT_(?:UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED)|DECRYPT_ERROR)$/

/** The server's handshake had come whole: an alert that TLS 1.3 servers send after it. */
export const afterHandshake = Number.POSITIVE_INFINITY

/**
 * What an error in a handshake says of the target. `bytesRead` is how much of the server's handshake had come, `offer` what
 * we brought to it.
 */
export function handshakeFailure(error: unknown, bytesRead: number, offer: Offer = {}): TargetFailure {
  const code = codeOf(error)
  const text = sslText(error)
  const failure = (as: FailureCode, message: string, seen: Seen = { said: text }): TargetFailure =>
    new TargetFailure(as, message, { cause: error, seen })
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
    const closed = messageOf(error).includes('disconnected before secure')
    const after = bytesRead === 0 ? 'before it answered our ClientHello' : `after ${bytesRead} bytes`
    return failure('tls_reset', `the server ${closed ? 'closed' : 'reset'} the connection ${after}`, {})
  }
  const refused = offer.clientCertificate ?? (bytesRead === afterHandshake && aboutCertificate.test(code))
  if (refused && afterOurCertificate.test(code) && bytesRead > bytesOfAnAlert) {
    const seen = { clientCertificate: 'refused', said: text }
    return failure('tls_client_cert_required', `the server refuses our client certificate: ${text}`, seen)
  }
  const known = reasons[code] ?? (unreadable.test(code) ? 'tls_invalid_chain' : undefined)
  switch (known) {
    case undefined:
      break
    case 'tls_not_tls':
      return failure(known, `what the server sent is not TLS (${text})`)
    case 'tls_protocol_version': {
      const wanted = `TLSv1 to ${offer.maxVersion ?? 'TLSv1.3'}`
      return failure(known, `the server speaks none of ${wanted} (${text})`, { wanted, said: text })
    }
    case 'tls_invalid_chain': {
      const reason = `the certificates that the server sends cannot be read (${text})`
      return failure(known, reason, { reason })
    }
    default:
      return failure(known, text, { clientCertificate: 'none', said: text })
  }
  if (afterCertificateRequest.test(code) && bytesRead > bytesOfAnAlert) {
    const seen = { clientCertificate: 'none', said: text }
    return failure('tls_client_cert_required', `after its own certificate the server sent: ${text}`, seen)
  }
  return failure('tls_handshake_failed', text)
}

/** Whether an error comes from TLS itself; alerts after a TLS 1.3 handshake arrive with the first read. */
export function isTlsError(error: unknown): boolean {
  return codeOf(error).startsWith('ERR_SSL_') || codeOf(error).startsWith('ERR_TLS_')
}

/** `40…:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../deps/…` is "tlsv1 alert protocol version". */
function sslText(error: unknown): string {
  const text = messageOf(error)
  return /:[\w ]+ routines:[^:]*:([^:]+)/.exec(text)?.[1] ?? text
}

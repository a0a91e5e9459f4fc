import { createTransport } from 'nodemailer'
import { allowedAddresses } from '../address.ts'
import { type Deliver, DeliveryError } from '../delivery.ts'
import { decoded } from '../redact.ts'
import { mailOf } from './mail.ts'

type Settings = { smtp: string; from: string; to: string[]; template?: string | undefined }

const patienceMs = 8000

/**
 * Mail by SMTP: `smtps:` speaks TLS from the first byte, `smtp:` by STARTTLS where the server offers it. On the submission port
 * (587), and wherever there is a password to be sent, a server that does not offer it is not spoken to.
 */
export const deliverEmail: Deliver<Settings> = async (notification, { smtp, from, to, template }, context) => {
  const url = new URL(smtp)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const [{ address }] = await allowedAddresses(host, context)
  const secure = url.protocol === 'smtps:'
  const port = Number(url.port) || (secure ? 465 : 587)
  const transport = createTransport({
    // The address that was judged is the one that is dialled; the name is what its certificate is held against.
    host: address,
    port,
    secure,
    requireTLS: !secure && (port === 587 || url.password !== ''),
    tls: { servername: host },
    ...(url.username === '' ? {} : { auth: { user: decoded(url.username), pass: decoded(url.password) } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const { signal } = context
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  // Closing it does not end what waits for an answer.
  const stop = () => reject(new DeliveryError('the mail server did not take it in time', { retryable: true }))
  stopped.catch(() => undefined)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  try {
    await Promise.race([transport.sendMail(mailOf(notification, { from, to, template })), stopped])
  } catch (error) {
    throw error instanceof DeliveryError ? error : faultOf(error)
  } finally {
    signal.removeEventListener('abort', stop)
    transport.close()
  }
}

/** RFC 5321, 4.2.1: 4yz is for now, 5yz is for ever. */
function faultOf(error: unknown): DeliveryError {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0
  return new DeliveryError(message.replaceAll(/\p{C}+/gu, ' ').slice(0, 300), {
    retryable: !(code >= 500 && code < 600),
    cause: error,
  })
}

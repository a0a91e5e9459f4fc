import { lookup } from 'node:dns/promises'
import { createTransport } from 'nodemailer'
import { type Deliver, DeliveryError } from '../delivery.ts'
import { plainText, type Text, textOf } from '../text.ts'

type Settings = { smtp: string; from: string; to: string[] }

const patienceMs = 8000

/** Mail by SMTP: `smtps:` speaks TLS from the first byte, `smtp:` by STARTTLS where the server offers it. HTML and text. */
export const deliverEmail: Deliver<Settings> = async (notification, { smtp, from, to }, { egress, signal }) => {
  const url = new URL(smtp)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const address = await addressOf(host)
  const denied = egress.denies(address)
  if (denied !== undefined) throw new DeliveryError(`${host}: ${denied}`, { retryable: false })
  const secure = url.protocol === 'smtps:'
  const transport = createTransport({
    // The address that was judged is the one that is dialled; the name is what its certificate is held against.
    host: address,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    tls: { servername: host },
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const stop = () => transport.close()
  signal.addEventListener('abort', stop)
  try {
    const text = textOf(notification)
    await transport.sendMail({
      from,
      to,
      subject: text.title,
      text: plainText(text),
      html: htmlOf(text),
      // Mail programs put what belongs to one incident in one thread.
      messageId: `<${notification.id}@sonde>`,
      ...(notification.type === 'incident.opened' ? {} : { references: `<${notification.incident.id}@sonde>` }),
      headers: { 'auto-submitted': 'auto-generated', 'x-sonde-incident': notification.incident.id },
    })
  } catch (error) {
    throw faultOf(error)
  } finally {
    signal.removeEventListener('abort', stop)
    transport.close()
  }
}

async function addressOf(host: string): Promise<string> {
  try {
    return (await lookup(host)).address
  } catch (error) {
    throw new DeliveryError(`${host} has no address`, { retryable: true, cause: error })
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

function htmlOf({ title, lines, url }: Text): string {
  const rows = lines.map(
    ({ label, text }) => `<tr><th align="left" valign="top">${escape(label)}</th><td>${escape(text)}</td></tr>`,
  )
  const link = url === null ? '' : `<p><a href="${escape(url)}">${escape(url)}</a></p>`
  return `<!doctype html><html><body><h2>${escape(title)}</h2><table cellpadding="4">${rows.join('')}</table>${link}</body></html>`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

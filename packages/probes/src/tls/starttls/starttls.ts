import type { Socket } from 'node:net'
import type { StarttlsProtocol } from '@sonde/core'
import { addPhase, type Observation, type ProbeContext } from '../../kind.ts'
import { mysql, postgres } from './databases.ts'
import { Dialogue } from './dialogue.ts'
import { ldap } from './ldap.ts'
import { ftp, imap, pop3, smtp } from './lines.ts'
import { xmpp } from './xmpp.ts'

const protocols: Record<StarttlsProtocol, (dialogue: Dialogue, domain: string) => Promise<void>> = {
  smtp,
  imap,
  pop3,
  ftp,
  ldap,
  postgres,
  mysql,
  xmpp,
}

/**
 * Speaks a protocol on a connected socket until the server is ready for a ClientHello. `domain` is the name that the
 * service is asked for under, where the protocol says one. The time it takes counts into the tls phase.
 *
 * Throws `TargetFailure`: `tls_not_tls` with the server's own words when it does not turn to TLS, `tls_reset`, `tls_timeout`.
 */
export async function turnToTls(
  socket: Socket,
  { protocol, domain }: { protocol: StarttlsProtocol; domain: string },
  seen: Observation,
  context: ProbeContext,
): Promise<void> {
  const startMs = performance.now()
  const dialogue = new Dialogue(socket, protocol, context)
  try {
    await protocols[protocol](dialogue, domain)
    // Taken for the answer to a command under TLS, such bytes have been used for injection (CVE-2021-38371).
    if (dialogue.rest > 0) throw dialogue.refusal(`sent ${dialogue.rest} bytes more before TLS began`)
  } finally {
    addPhase(seen, 'tlsMs', performance.now() - startMs)
  }
}

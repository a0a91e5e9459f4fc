/** Where in a probe it failed. */
export const phaseNames = ['dns', 'connect', 'tls', 'http', 'tcp', 'icmp', 'assertion', 'missed'] as const
export type PhaseName = (typeof phaseNames)[number]

type Failure = { phase: PhaseName; cause: string; remedy: string }

/** Every way a target can fail: the closed list of the contract, with what it most likely means and what to do. */
export const failures = {
  dns_nxdomain: {
    phase: 'dns',
    cause: 'The name does not exist in DNS.',
    remedy: 'Check the spelling, that the domain is still registered, and that the record was not removed.',
  },
  dns_nodata: {
    phase: 'dns',
    cause: 'The name exists but has no record of the type asked for.',
    remedy: 'Add the record (A, or AAAA for IPv6), or ask for the type that the name has.',
  },
  dns_servfail: {
    phase: 'dns',
    cause: 'The resolver could not get an answer: the name servers of the zone fail, or its DNSSEC is broken.',
    remedy: "Ask the zone's name servers directly and check its DNSSEC signatures.",
  },
  dns_refused: {
    phase: 'dns',
    cause: 'The DNS server does not answer questions from this address.',
    remedy: 'Use a server that serves this region, or allow this address on the server.',
  },
  dns_timeout: {
    phase: 'dns',
    cause: 'No DNS server answered in time: it is down, or packets to it are lost.',
    remedy: 'Check that the server runs and that UDP port 53 to it is open from this region.',
  },
  dns_malformed: {
    phase: 'dns',
    cause: 'The DNS answer could not be read.',
    remedy: 'Look at the answer with a packet capture; a middlebox or a faulty server changes it.',
  },
  dns_unreachable: {
    phase: 'dns',
    cause: 'The DNS server cannot be reached, or nothing listens there.',
    remedy: "Check the server's address and port and that it runs.",
  },
  dns_bogus: {
    phase: 'dns',
    cause: 'The DNSSEC signatures of the answer do not hold.',
    remedy: "Check the DS record at the parent, the keys, and that the zone's signatures have not expired.",
  },
  tcp_refused: {
    phase: 'connect',
    cause: 'Nothing listens on that port, or a firewall rejects it.',
    remedy: 'Check that the service runs and listens on this address and port.',
  },
  tcp_reset: {
    phase: 'connect',
    cause: 'The connection was reset while it was being opened.',
    remedy: 'Look for a firewall or load balancer that resets, or a full accept queue.',
  },
  tcp_timeout: {
    phase: 'connect',
    cause: 'No answer to the connection attempt: the host is down or a firewall drops packets.',
    remedy: 'Check that the host is up, its firewall, and the route from this region.',
  },
  net_unreachable: {
    phase: 'connect',
    cause: 'There is no route to the address.',
    remedy: 'Check routing from this region, and for IPv6 whether the region has it at all.',
  },
  egress_denied: {
    phase: 'connect',
    cause: "Sonde's egress policy forbids connecting to this address; nothing was sent.",
    remedy: 'If this target is meant to be probed, add its network to SONDE_EGRESS_ALLOW.',
  },
  tls_expired: {
    phase: 'tls',
    cause: 'A certificate that the server sends is past its end date.',
    remedy: 'Renew that certificate on the server and reload it.',
  },
  tls_not_yet_valid: {
    phase: 'tls',
    cause: "A certificate is not valid yet, or this machine's clock is behind.",
    remedy: 'Wait for its start date, issue it again, or correct the clock.',
  },
  tls_hostname_mismatch: {
    phase: 'tls',
    cause: 'The certificate is for other names than the one that was asked for.',
    remedy: 'Install the certificate of this name, or add the name to it.',
  },
  tls_self_signed: {
    phase: 'tls',
    cause: 'The server sends a certificate that it signed itself.',
    remedy: 'Install a certificate of a trusted authority, or give this one as tls.caPem.',
  },
  tls_untrusted_root: {
    phase: 'tls',
    cause: 'The chain ends in an authority that is not trusted here.',
    remedy: 'Install a certificate of a public authority, or give your own authority as tls.caPem.',
  },
  tls_incomplete_chain: {
    phase: 'tls',
    cause: 'The server left out an intermediate certificate.',
    remedy: 'Configure the full chain (fullchain.pem) on the server.',
  },
  tls_invalid_chain: {
    phase: 'tls',
    cause: 'The certificates do not form a valid chain.',
    remedy: 'Check the order and the purpose of the certificates that the server sends.',
  },
  tls_weak: {
    phase: 'tls',
    cause: 'A certificate uses a key or signature that is no longer safe.',
    remedy: 'Issue it again with an RSA key of 2048 bits or more (or ECDSA) and SHA-256.',
  },
  tls_revoked: {
    phase: 'tls',
    cause: 'The authority has revoked the certificate.',
    remedy: 'Install a new certificate and find out why the old one was revoked.',
  },
  tls_protocol_version: {
    phase: 'tls',
    cause: 'The server and this check have no TLS version in common.',
    remedy: 'Enable TLS 1.2 or 1.3 on the server, or lower minVersion in the check.',
  },
  tls_client_cert_required: {
    phase: 'tls',
    cause: 'The server asks for a client certificate.',
    remedy: 'Give the check a client certificate (certPem and keyPem).',
  },
  tls_not_tls: {
    phase: 'tls',
    cause: 'The other side does not speak TLS on this port.',
    remedy: 'Check the port and the scheme; a plain-text service needs http:// or STARTTLS.',
  },
  tls_handshake_failed: {
    phase: 'tls',
    cause: 'The TLS handshake failed.',
    remedy: "Look at the server's TLS log; ciphers, SNI and versions are the usual reasons.",
  },
  tls_reset: {
    phase: 'tls',
    cause: 'The connection was reset during the TLS handshake.',
    remedy: "Check the server's TLS configuration for this name (SNI) and any firewall that inspects TLS.",
  },
  tls_timeout: {
    phase: 'tls',
    cause: 'The TLS handshake did not end in time.',
    remedy: "Check the server's load; a service that waits for the client to speak first is not TLS.",
  },
  http_status: {
    phase: 'http',
    cause: 'The server answered with a status that counts as a failure.',
    remedy: "Look at the service's own logs for this request.",
  },
  http_timeout: {
    phase: 'http',
    cause: 'The server took the request but did not begin to answer in time.',
    remedy: "Check the service's load, its database and other things that it waits for.",
  },
  http_body_timeout: {
    phase: 'http',
    cause: 'The answer began but did not end in time.',
    remedy: 'Check the size of the answer and what slows the service while it sends.',
  },
  http_malformed: {
    phase: 'http',
    cause: 'The answer is not valid HTTP.',
    remedy: 'Check that an HTTP server listens on this port, and what a proxy in between does.',
  },
  http_closed: {
    phase: 'http',
    cause: 'The server closed the connection before the answer was complete.',
    remedy: 'Look for crashes or worker limits of the service, and time-outs of its proxy.',
  },
  http_reset: {
    phase: 'http',
    cause: 'The connection was reset before the answer was complete.',
    remedy: 'Look for crashes of the service and for firewalls that reset.',
  },
  http_too_many_redirects: {
    phase: 'http',
    cause: 'More redirects than the check allows: often a loop.',
    remedy: 'Follow the redirects that the result lists, or raise maxRedirects.',
  },
  http_bad_redirect: {
    phase: 'http',
    cause: 'A redirect leads to something that cannot be fetched.',
    remedy: 'Correct the Location header that the server sends.',
  },
  http_decode: {
    phase: 'http',
    cause: 'The body does not decode as its Content-Encoding says.',
    remedy: 'Check the compression of the server and of proxies on the way.',
  },
  http_header_overflow: {
    phase: 'http',
    cause: 'The headers of the answer are larger than any client should take (32 KiB).',
    remedy: 'Look for cookies or headers that grow without end.',
  },
  http_version: {
    phase: 'http',
    cause: 'The server does not speak the HTTP version that the check demands.',
    remedy: 'Enable that version on the server, or set httpVersion to auto.',
  },
  tcp_expect: {
    phase: 'tcp',
    cause: 'The service did not answer with what the check expects.',
    remedy: 'Compare what was received with the expect pattern.',
  },
  tcp_closed: {
    phase: 'tcp',
    cause: 'The service closed the connection before it answered.',
    remedy: "Look at the service's logs for this connection.",
  },
  icmp_loss: {
    phase: 'icmp',
    cause: 'More packets were lost than the check allows.',
    remedy: 'Look for congestion or a faulty link on the way, and for ICMP rate limits.',
  },
  icmp_unreachable: {
    phase: 'icmp',
    cause: 'The network reports that the host cannot be reached.',
    remedy: 'Check that the host is up, and the route to it.',
  },
  assertion_failed: {
    phase: 'assertion',
    cause: 'The target answered, but not as the check demands.',
    remedy: 'Compare expected and actual in the result; correct the service or the assertion.',
  },
} as const satisfies Record<string, Failure>

export type FailureCode = keyof typeof failures
export const failureCodes = Object.keys(failures) as [FailureCode, ...FailureCode[]]

/** Why a probe never ran: never the target's fault. */
export const missed = {
  no_worker: {
    phase: 'missed',
    cause: 'No worker of this region was alive.',
    remedy: 'Start a worker for this region: sonde worker --region NAME.',
  },
  expired: {
    phase: 'missed',
    cause: 'The probe waited in the queue until its slot was over.',
    remedy: 'Add workers to this region, or probe less often.',
  },
  worker_error: {
    phase: 'missed',
    cause: 'The worker itself failed, not the target.',
    remedy: "Look at the worker's log for this check.",
  },
} as const satisfies Record<string, Failure>

export type MissedReason = keyof typeof missed
export const missedReasons = Object.keys(missed) as [MissedReason, ...MissedReason[]]

/** What was seen, by name, for the blanks of cause and remedy: `{ certificate: 'CN=interexp (2nd of 3)', ago: '2 days ago' }`. */
export type Seen = Record<string, string | number>

/**
 * The whole error of a result: what was seen, with the cause and the remedy that belong to its code. In their texts
 * `{name|otherwise}` stands for what was seen under that name, or for the words after the bar when nothing was.
 */
export function explain(code: FailureCode | MissedReason, message: string, seen: Seen = {}) {
  const { phase, cause, remedy }: Failure = { ...failures, ...missed }[code]
  return { code, phase, message, cause: filled(cause, seen), remedy: filled(remedy, seen) }
}

function filled(text: string, seen: Seen): string {
  return text.replace(/\{(\w+)\|([^{}]*)\}/g, (_, name: string, otherwise: string) => String(seen[name] ?? otherwise))
}

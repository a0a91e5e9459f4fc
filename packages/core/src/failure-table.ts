import type { Failure } from './failure.ts'

/**
 * Every way a target can fail: the closed list of the contract, with what it most likely means and what to do, written for the
 * person who is woken by it. `explain` fills the blanks with what the probe saw: `{name|otherwise}`, or a whole clause that is
 * there only when something was seen, its `*` standing for it: `{name:; the leaf is good until *|}`.
 *
 * docs/errors.md is made of this table: scripts/generate-error-docs.ts.
 */
export const failures = {
  dns_nxdomain: {
    phase: 'dns',
    cause: '{name|The name} does not exist in DNS{server:, says *|}.',
    remedy: 'Check the spelling, that the domain is still registered, and that the record was not removed.',
  },
  dns_nodata: {
    phase: 'dns',
    cause: '{name|The name} exists, but has no {type:* record|record of the type asked for}{server:, says *|}.',
    remedy: 'Add the record (A for IPv4, AAAA for IPv6), or ask for a type or an ipFamily that the name has.',
  },
  dns_servfail: {
    phase: 'dns',
    cause:
      '{server|The DNS server} could not get an answer{name: for *|}{rcode: (*)|}: the name servers of the zone fail, or its DNSSEC is broken.',
    remedy:
      "Ask the zone's own name servers (dig +norecurse), then repeat with dig +cd: if only that answers, DNSSEC is broken.",
  },
  dns_refused: {
    phase: 'dns',
    cause: '{server|The DNS server} does not answer questions{name: for *|} from this address{rcode: (*)|}.',
    remedy: 'Use a server that serves this region, or allow the address of the worker on the server.',
  },
  dns_timeout: {
    phase: 'dns',
    cause: '{server|No DNS server} {server:did not answer|answered} in time: it is down, or packets to it are lost.',
    remedy: 'Check that the server runs, and that UDP and TCP port 53 to it are open from this region.',
  },
  dns_malformed: {
    phase: 'dns',
    cause: 'The answer of {server|the DNS server} could not be read{reason:: *|}.',
    remedy: 'Look at the answer with a packet capture: a middlebox or a faulty server changes it.',
  },
  dns_unreachable: {
    phase: 'dns',
    cause: '{server|The DNS server} cannot be reached, or nothing listens there{reason: (*)|}.',
    remedy: "Check the server's address and port, that it runs, and that no firewall rejects this region.",
  },
  dns_bogus: {
    phase: 'dns',
    cause:
      'The DNSSEC signatures of the answer{name: for *|} do not hold{reason:: *|}. Resolvers that validate give no answer.',
    remedy:
      "Check the DS record at the parent, the keys, and that the zone's signatures have not expired; sign it again if so.",
  },
  tcp_refused: {
    phase: 'connect',
    cause: 'Nothing listens on {address|that address and port}, or a firewall rejects it.',
    remedy: 'Check that the service runs and listens on this address, not on another or on localhost alone.',
  },
  tcp_reset: {
    phase: 'connect',
    cause: '{address|The other side} reset the connection while it was being opened.',
    remedy: 'Look for a firewall or load balancer that resets, one without a healthy backend, or a full accept queue.',
  },
  tcp_timeout: {
    phase: 'connect',
    cause: 'No answer to the connection attempt{address: to *|}: the host is down or a firewall drops packets.',
    remedy: 'Check that the host is up, its firewall or security group, and the route from this region.',
  },
  net_unreachable: {
    phase: 'connect',
    cause: 'This machine has no route to {address|the address}.',
    remedy:
      'Check routing and the local firewall of the worker, and for IPv6 whether the region has it at all (else ipFamily: 4).',
  },
  egress_denied: {
    phase: 'connect',
    cause: "Sonde's egress policy forbids connecting to {address|this address}; nothing was sent.",
    remedy:
      'If this target is meant to be probed, add its network to SONDE_EGRESS_ALLOW of the worker; else find out who points there.',
  },
  tls_expired: {
    phase: 'tls',
    cause: '{certificate:Certificate *|A certificate that the server sends} {ago:expired *|is past its end date}.',
    remedy:
      'Renew it on the server that sends it, and reload that server{leafUntil:; the leaf is good until *|}{unneeded:, and is trusted without this one, so taking it out of what is sent will do|}.',
  },
  tls_not_yet_valid: {
    phase: 'tls',
    cause:
      "{certificate:Certificate *|A certificate} is not valid yet{from:, only from *|}, or this machine's clock is behind.",
    remedy: 'Wait for its start date, issue it again, or correct the clock (timedatectl).',
  },
  tls_hostname_mismatch: {
    phase: 'tls',
    cause: 'The certificate is not for {name|the name that was asked for}{names:, but for *|}.',
    remedy:
      'Install the certificate of this name, or issue one that has it; check which site the server falls back to (SNI).',
  },
  tls_self_signed: {
    phase: 'tls',
    cause:
      'The server sends a certificate that it signed itself{certificate: (*)|}: often the default of a fresh installation.',
    remedy: 'Install a certificate of a trusted authority, or give this one to the check as tls.caPem.',
  },
  tls_untrusted_root: {
    phase: 'tls',
    cause: 'The chain ends in an authority that is not trusted here{issuer:: *|}.',
    remedy: 'Install a certificate of a public authority, or give your own authority to the check as tls.caPem.',
  },
  tls_incomplete_chain: {
    phase: 'tls',
    cause:
      'The server left out an intermediate certificate{issuer:: that of *|}. Browsers may have it cached; other clients fail.',
    remedy:
      'Configure the full chain (fullchain.pem) on the server, leaf first, and reload it{issuerUrl:; what is missing is at *|}.',
  },
  tls_invalid_chain: {
    phase: 'tls',
    cause: 'The certificates do not form a valid chain{reason:: *|}.',
    remedy: 'Check the order and the purpose of the certificates that the server sends{certificate:, first of all *|}.',
  },
  tls_weak: {
    phase: 'tls',
    cause: '{certificate:Certificate *|A certificate} uses a key or a signature that is no longer safe{weakness:: *|}.',
    remedy: 'Issue it again with an RSA key of 2048 bits or more (or ECDSA) and SHA-256.',
  },
  tls_revoked: {
    phase: 'tls',
    cause: 'The authority has revoked {certificate:certificate *|the certificate}{ago: *|}{reason: (*)|}.',
    remedy: 'Install a new certificate with a new key, and find out why the old one was revoked.',
  },
  tls_protocol_version: {
    phase: 'tls',
    cause:
      'The server and this check have no TLS version in common{versions:: the server speaks * at best|}{wanted:, and the check wants *|}.',
    remedy: 'Enable TLS 1.2 or 1.3 on the server, or lower minVersion in the check.',
  },
  tls_client_cert_required: {
    phase: 'tls',
    cause: 'The server asks for a client certificate{clientCertificate: (ours: *)|}{said:, and says: *|}.',
    remedy:
      'Give the check a client certificate (certPem and keyPem) of an authority that the server trusts; if it has one, look at its dates.',
  },
  tls_not_tls: {
    phase: 'tls',
    cause:
      '{protocol:The server does not turn to TLS by STARTTLS of *|The other side does not speak TLS on this port}{said: (*)|}.',
    remedy:
      '{protocol:Enable TLS on the server; where it speaks TLS from the first byte, leave starttls out of the check|Check the port and the scheme; a plain-text service needs http://, or starttls in the check}.',
  },
  tls_handshake_failed: {
    phase: 'tls',
    cause: 'The TLS handshake failed{said:: *|}.',
    remedy: "Look at the server's TLS log; ciphers, the name (SNI) and versions are the usual reasons.",
  },
  tls_reset: {
    phase: 'tls',
    cause:
      '{protocol:The server ended the connection before it turned to TLS (STARTTLS of *)|The connection was reset during the TLS handshake}.',
    remedy:
      "Check the server's {protocol:log, its limits and access lists, and its |}TLS configuration for this name (SNI) and any firewall that inspects TLS.",
  },
  tls_timeout: {
    phase: 'tls',
    cause: '{protocol:The server did not turn to TLS (STARTTLS of *)|The TLS handshake did not end} in time.',
    remedy:
      "Check the server's load; {protocol:where it speaks TLS from the first byte, leave starttls out of the check|a service that waits for the client to speak first is not TLS}.",
  },
  http_status: {
    phase: 'http',
    cause: '{url|The server} answered with {status:status *, which counts|a status that counts} as a failure.',
    remedy: "Look at the service's own logs for this request; of 502, 503 and 504 at what its proxy passes it on to.",
  },
  http_timeout: {
    phase: 'http',
    cause: 'The server took the request{url: for *|} but did not begin to answer in time.',
    remedy: "Check the service's load, its database and other things that it waits for.",
  },
  http_body_timeout: {
    phase: 'http',
    cause: 'The answer{url: of *|} began{status: with status *|} but did not end in time.',
    remedy: 'Check the size of the answer and what slows the service while it sends.',
  },
  http_malformed: {
    phase: 'http',
    cause: 'The answer{url: of *|} is not valid HTTP{reason:: *|}.',
    remedy: 'Check that an HTTP server listens on this port, and what a proxy in between does.',
  },
  http_closed: {
    phase: 'http',
    cause: 'The server closed the connection before the answer{url: of *|} was complete.',
    remedy: 'Look for crashes or worker limits of the service, and time-outs of its proxy.',
  },
  http_reset: {
    phase: 'http',
    cause: 'The connection was reset before the answer{url: of *|} was complete.',
    remedy: 'Look for crashes of the service and for firewalls that reset.',
  },
  http_too_many_redirects: {
    phase: 'http',
    cause: 'More redirects than the {limit:* that the |}check allows{url:, the last to *|}: often a loop.',
    remedy: 'Follow the redirects that the result lists; end the loop on the server, or raise maxRedirects.',
  },
  http_bad_redirect: {
    phase: 'http',
    cause: 'A redirect{status: (*)|}{url: of *|} leads to something that cannot be fetched{location:: *|}.',
    remedy: 'Correct the Location header that the server sends.',
  },
  http_decode: {
    phase: 'http',
    cause: 'The body{url: of *|} does not decode as its Content-Encoding says{encoding: (*)|}.',
    remedy: 'Check the compression of the server and of proxies on the way.',
  },
  http_header_overflow: {
    phase: 'http',
    cause: 'The headers of the answer{url: of *|} are larger than any client should take ({limit|32 KiB}).',
    remedy: 'Look for cookies or headers that grow without end.',
  },
  http_version: {
    phase: 'http',
    cause: 'The server does not speak the HTTP version that the check demands{version: (*)|}.',
    remedy: 'Enable that version on the server, or set httpVersion to auto.',
  },
  tcp_expect: {
    phase: 'tcp',
    cause: 'The service{address: at *|} did not answer with what the check expects{expected: (*)|}.',
    remedy:
      'Compare what was received with the pattern: another service may listen there, or this one has a new greeting.',
  },
  tcp_closed: {
    phase: 'tcp',
    cause:
      'The service{address: at *|} closed the connection before it answered{expected: with what the check expects (*)|}.',
    remedy: "Look at the service's logs for this connection, and at its limits and access lists.",
  },
  icmp_loss: {
    phase: 'icmp',
    cause: '{loss|More packets} got no reply{address: from *|}{limit:; the check allows *|}.',
    remedy:
      'Look for congestion or a faulty link on the way (mtr), and for ICMP rate limits; where nothing answers at all, for a host that is down or a firewall that drops ICMP.',
  },
  icmp_unreachable: {
    phase: 'icmp',
    cause: 'The network reports that {address|the host} cannot be reached{reason:: *|}.',
    remedy: 'Check that the host is up, the route to it, and the firewall of the router that says so.',
  },
  assertion_failed: {
    phase: 'assertion',
    cause: 'The target answered, but not as the check demands{subject: of *|}.',
    remedy: 'Compare expected and actual in the result; correct the service or the assertion.',
  },
} as const satisfies Record<string, Failure>

/** Why a probe never ran: never the target's fault. */
export const missed = {
  no_worker: {
    phase: 'missed',
    cause: 'No worker of {region:region *|this region} was alive.',
    remedy: 'Start a worker for this region: sonde worker --region {region|NAME}.',
  },
  expired: {
    phase: 'missed',
    cause: 'The probe waited in the queue until its slot was over.',
    remedy: 'Add workers to this region, or probe less often.',
  },
  worker_error: {
    phase: 'missed',
    cause: 'The worker itself failed, not the target.',
    remedy: "Look at the worker's log for this check; of icmp, whether ping is there and may be run by the worker.",
  },
} as const satisfies Record<string, Failure>

import { type Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { frame, lineToCheck, toCheck } from './frame.ts'
import { bars, coloured, expiries, faults, lines, plain, stacked, stat, table } from './panels.ts'
import { selected } from './promql.ts'
import { chosenCheck, chosenRegion, commonName, currentCertificates, percent } from './sql.ts'
import { promql, sql } from './targets.ts'

/** Which certificates are in use, when they end, and what changed. */
export function certificates(): Dashboard {
  return frame({
    uid: 'sonde-certificates',
    title: 'Certificates',
    description: 'Every certificate in use, when it ends, who issued it, and what changed.',
    from: 'now-7d',
  })
    .withPanel(stat('Certificates', 'In the chains seen last.', sql(counted('true'))).span(6))
    .withPanel(
      stat('Expired', 'Past their end, and still sent.', sql(counted('t.not_after <= now()')))
        .thresholds(faults())
        .span(6),
    )
    .withPanel(
      stat('End within 14 days', 'Expired ones apart.', sql(counted(within(14))))
        .thresholds(faults('orange'))
        .span(6),
    )
    .withPanel(
      stat('Weak', 'RSA keys under 2048 bits, MD5 and SHA-1 below the root.', sql(counted(weak)))
        .thresholds(faults())
        .span(6),
    )
    .withPanel(inUse())
    .withRow(new RowBuilder('Over time'))
    .withPanel(
      lines(
        'Time left',
        'Until the first certificate of each chain ends; it jumps up when one is renewed.',
        promql(`min by (job, instance) (probe_ssl_earliest_cert_expiry{${selected}} - time())`, '{{job}}'),
      )
        .unit('dtdurations')
        .dataLinks(lineToCheck())
        .thresholds(expiries()),
    )
    .withPanel(
      stacked(
        'TLS versions',
        'Check-regions by the version agreed on.',
        promql(`count by (version) (probe_tls_version_info{${selected}})`, '{{version}}'),
      ),
    )
    .withPanel(
      bars('Issuers', 'Leaf certificates in use by who issued them.', sql(issuers)).thresholds(plain()).unit('short'),
    )
    .withPanel(
      bars('Keys', 'Leaf certificates in use by the kind and size of their key.', sql(keys))
        .thresholds(plain())
        .unit('short'),
    )
    .withPanel(
      stacked(
        'Cipher suites',
        'Check-regions by the suite agreed on.',
        promql(`count by (cipher) (probe_tls_cipher_info{${selected}})`, '{{cipher}}'),
      ).span(8),
    )
    .withPanel(changes())
    .build()
}

const within = (days: number) => `t.not_after > now() and t.not_after < now() + interval '${days} days'`
const weak = `(t.key_type = 'rsa' and t.key_bits < 2048 or (t.signature ~* '(md5|sha-?1)([^0-9]|$)' and t.subject <> t.issuer))`

function counted(where: string): string {
  return `select count(distinct t.sha256) as certificates\n${currentCertificates}\n  and ${where}`
}

const issuers = `select ${commonName('t.issuer')} as "Issuer", count(distinct t.sha256) as "Certificates"
${currentCertificates}
  and s.position = 0
group by 1
order by 2 desc, 1
limit 25`

const keys = `select concat_ws(' ', t.key_type, t.key_bits) as "Key", count(distinct t.sha256) as "Certificates"
${currentCertificates}
  and s.position = 0
group by 1
order by 2 desc, 1
limit 25`

function inUse() {
  const query = `select t.not_after as "Expires", extract(epoch from t.not_after - now()) as "In",
  ${percent('extract(epoch from t.not_after - now()) / nullif(extract(epoch from t.not_after - t.not_before), 0)')} as "Life left",
  ${commonName('t.subject')} as "Subject", ${commonName('t.issuer')} as "Issuer", min(c.key) as "Check",
  count(distinct c.id)::text as "Checks", string_agg(distinct g.name, ', ') as "Regions",
  case min(s.position) when 0 then 'leaf' else 'authority' end as "Place", concat_ws(' ', t.key_type, t.key_bits) as "Key",
  t.signature as "Signature", t.first_seen as "First seen", t.sha256 as "SHA-256"
${currentCertificates}
group by t.sha256
order by t.not_after, t.sha256
limit 1000`
  const panel = table('Certificates in use', 'Soonest to expire first; expired ones too.', sql(query)).height(12)
  return coloured(panel.unit('dtdurations').dataLinks(toCheck()), expiries(), 'In')
}

function changes() {
  const query = `select e.at as "At", c.key as "Check", g.name as "Region", before.subject as "Before", before.not_after as "Ended",
  after.subject as "After", after.not_after as "Ends"
from events e
join check_facts c on c.id = e.check_id
join regions g on g.id = e.region_id
left join certificates before on before.sha256 = e.data->'before'->>0
left join certificates after on after.sha256 = e.data->'after'->>0
where $__timeFilter(e.at)
  and e.type = 'certificate_changed'
  and ${chosenCheck}
  and ${chosenRegion}
order by e.at desc
limit 200`
  const panel = table('Changes', 'Another chain than the time before, by its leaf; newest first.', sql(query))
  return panel.dataLinks(toCheck()).noValue('none')
}

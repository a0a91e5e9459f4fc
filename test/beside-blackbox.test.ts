import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Check, durationMs } from '@sonde/core'
import { checkSeriesText } from '@sonde/metrics'
import { egressPolicy, probe } from '@sonde/probes'
import { hasBlackboxExporter, startBlackboxExporter } from '@sonde/testkit/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BesideTargets, besideCases, besideModules, startBesideTargets } from './beside-blackbox-cases.ts'

// The same targets, once through our probes and our exposition, once through Debian's blackbox_exporter.

const closers = new AsyncDisposableStack()
let ask: (module: string, target: string) => Promise<string>
let targets: BesideTargets

describe.skipIf(!hasBlackboxExporter())('beside blackbox_exporter', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonde-beside-'))
    closers.defer(() => rmSync(folder, { recursive: true }))
    targets = closers.use(await startBesideTargets())
    const caFile = join(folder, 'ca.pem')
    writeFileSync(caFile, targets.caPem)
    ask = closers.use(await startBlackboxExporter(besideModules(caFile))).probe
  })
  afterAll(() => closers.disposeAsync())

  test.concurrent.each(besideCases)('$name is told alike', async ({ name, module, input, asked }) => {
    const own = input(targets)
    const [ours, text] = await Promise.all([seriesOf(own), ask(module, asked?.(targets) ?? own.target)])
    const theirs = values(text)
    const known = [...ours.keys()].filter((series) => !newer.test(series))
    expect(known.filter((series) => !kept.test(series) || theirs.has(series)).sort()).toEqual([...theirs.keys()].sort())
    for (const series of theirs.keys())
      if (!timed.test(series)) expect([series, ours.get(series)]).toEqual([series, theirs.get(series)])
    // Expiry must not vanish on the day of expiry: theirs has nothing of a chain that it did not trust.
    if (name.includes('expired')) expect([...ours.keys()].filter((series) => kept.test(series))).toHaveLength(4)
  })

  test('the time a slow answer takes is told alike, within 5 ms and 5 %', async () => {
    const phase = 'probe_http_duration_seconds{phase="processing"}'
    // A busy machine holds up either of the two now and then: what counts is what they can.
    for (let tries = 0; ; tries++) {
      const ours = (await seriesOf({ kind: 'http', target: `${targets.http.url}/slow` })).get(phase) ?? 0
      const theirs = values(await ask('http', `${targets.http.url}/slow`)).get(phase) ?? 0
      if (Math.abs(ours - theirs) <= 0.005 + 0.05 * theirs && theirs >= 0.1) return
      expect(tries, `${ours} s here, ${theirs} s there`).toBeLessThan(20)
    }
  })
})

// Came with later versions than Debian's, as the serial number in the chain's info did.
const newer = /^probe_(timeout_seconds|tls_cipher_info)/
const kept = /^probe_(ssl_|tls_version_info)/
const timed = /^probe_(duration|dns_lookup_time|\w+_duration)_seconds/

/** The series that both have, by name and labels; ours that stand for several of a check's results are not among them. */
async function seriesOf(input: object): Promise<Map<string, number>> {
  const check = Check.parse({ key: 'beside', timeout: '5s', ...input })
  const egress = egressPolicy({ deny: [], allow: [] })
  const result = await probe(check, { region: 'local', slot: new Date(), egress })
  const { key, kind, target, labels } = check
  const text = checkSeriesText([
    {
      check: {
        key,
        kind,
        target,
        labels,
        intervalMs: durationMs(check.interval),
        timeoutMs: durationMs(check.timeout),
      },
      region: 'local',
      result,
      verdict: 'up',
      totals: {},
      histogram: { count: 0, sumSeconds: 0, buckets: [] },
    },
  ])
  return values(
    text
      .replace(/^(sonde_|sm_|probe_all_).*$/gm, '')
      .replace(/(\{|,)(instance|job|kind|probe|serialnumber)="[^"]*"(?=[,}])/g, '$1')
      .replace(/\{,+/g, '{')
      .replace(/,+(?=[,}])/g, '')
      .replaceAll('{}', ''),
  )
}

/** The samples of an exposition, by name and labels. */
function values(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/^(\w+(?:\{.*\})?) (\S+)$/gm)].map(([, series = '', value]) => [series, Number(value)]),
  )
}

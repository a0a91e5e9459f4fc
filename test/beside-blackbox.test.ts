import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { hasBlackboxExporter, startBlackboxExporter } from '@sonde/testkit/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BesideTargets, besideCases, besideModules, startBesideTargets } from './beside-blackbox-cases.ts'
import { seriesOf, values } from './beside-blackbox-series.ts'

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

  const compare = (ours: ReadonlyMap<string, number>, text: string) => {
    const theirs = values(text)
    const known = [...ours.keys()].filter((series) => !newer.test(series))
    expect(known.filter((series) => !kept.test(series) || theirs.has(series)).sort()).toEqual([...theirs.keys()].sort())
    for (const series of theirs.keys())
      if (!timed.test(series)) expect([series, ours.get(series)]).toEqual([series, theirs.get(series)])
  }

  test.concurrent.each(besideCases)('$name is told alike', async ({ name, module, input, asked }) => {
    const own = input(targets)
    const [ours, text] = await Promise.all([seriesOf(own), ask(module, asked?.(targets) ?? own.target)])
    compare(ours, text)
    // Expiry must not vanish on the day of expiry: theirs has nothing of a chain that it did not trust.
    if (name.includes('expired')) expect([...ours.keys()].filter((series) => kept.test(series))).toHaveLength(4)
  })

  test('a host that answers no ping is told alike', async ({ skip }) => {
    if (spawnSync('unshare', ['--net', 'true']).status !== 0) skip('left out: only root may have a network of its own')
    const script = fileURLToPath(new URL('beside-silent-host.ts', import.meta.url))
    const inNetwork = ['--net', 'sh', '-c', silentNetwork, 'sh', process.execPath, script, silentHost]
    const { stdout } = await promisify(execFile)('unshare', inNetwork)
    const { ours, theirs } = JSON.parse(stdout) as { ours: [string, number][]; theirs: string }
    compare(new Map(ours), theirs)
    const told = ['probe_success', 'probe_icmp_duration_seconds{phase="rtt"}'].map((series) =>
      new Map(ours).get(series),
    )
    expect(told).toEqual([0, 0])
  })

  test.each([
    ['http', (on: BesideTargets) => `${on.http.url}/drip`],
    ['https', (on: BesideTargets) => `${on.https.url}/drip`],
    ['HTTP/2', (on: BesideTargets) => `${on.http2.url}/drip`],
  ])('the phases of a slow answer over %s are told alike, within 5 ms and 5 %', async (_, urlOf) => {
    const target = urlOf(targets)
    const check = { kind: 'http' as const, target, http: { tls: { caPem: targets.caPem } } }
    // A busy machine holds up either of the two now and then: what counts is what they can.
    for (let tries = 0; ; tries++) {
      const ours = phasesOf(await seriesOf(check))
      const theirs = phasesOf(values(await ask('http', target)))
      expect(theirs.get('processing')).toBeGreaterThanOrEqual(0.1)
      expect(theirs.get('transfer')).toBeGreaterThanOrEqual(0.14)
      const apart = [...theirs].filter(
        ([phase, there]) => !(Math.abs((ours.get(phase) ?? Number.NaN) - there) <= 0.005 + 0.05 * there),
      )
      if (apart.length === 0) return
      expect(tries, JSON.stringify({ here: [...ours], there: [...theirs] })).toBeLessThan(20)
    }
  })
})

const phaseSeries = /^probe_http_duration_seconds\{phase="(\w+)"\}$/

/** Seconds by phase. */
function phasesOf(series: Map<string, number>): Map<string, number> {
  return new Map(
    [...series].flatMap(([name, value]) => {
      const phase = phaseSeries.exec(name)?.[1]
      return phase === undefined ? [] : [[phase, value] as const]
    }),
  )
}

// A host on the other end of a cable, which takes what is not for it and so answers nothing: a network may have it that has nothing else.
const silentHost = '192.0.2.2'
const silentNetwork = `ip link set lo up && ip link add near type veth peer name far && ip address add 192.0.2.1/24 dev near &&
  ip link set near up && ip link set far up && ip neighbour add ${silentHost} lladdr 02:00:00:00:00:02 dev near nud permanent && exec "$@"`

// Came with later versions than Debian's, as the serial number in the chain's info did.
const newer = /^probe_(timeout_seconds|tls_cipher_info)/
const kept = /^probe_(ssl_|tls_version_info)/
const timed = /^probe_(duration|dns_lookup_time|\w+_duration)_seconds/

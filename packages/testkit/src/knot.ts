import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askDns } from './dns-question.ts'
import { freePort } from './port.ts'
import { startProgram } from './program.ts'

export type KnotZone = {
  name: string
  /** Its records beside SOA and NS, as zone files have them, below $ORIGIN and $TTL 300. */
  records: string
  /** As which policy of knot.conf to sign it; unsigned without. */
  sign?: { algorithm: string; policy?: Record<string, string>; atSeconds?: number }
  /** Changes the zone after it was signed. */
  edit?: (zone: string) => string
  /** The DS records that its parent gets; its own by default. */
  ds?: (own: string[]) => string[]
}

export type Knot = AsyncDisposable & {
  host: string
  port: number
  /** The DS records of a zone, fit to be trust anchors. */
  anchors: (zone: string) => string[]
}

/** Signs zones with kzonesign, children before their parents, and serves them with knotd on loopback. */
export async function startKnot(zones: readonly KnotZone[]): Promise<Knot> {
  const folder = mkdtempSync(join(tmpdir(), 'sonde-knot-'))
  const anchors = new Map<string, string[]>()
  const deepestFirst = zones.toSorted((a, b) => b.name.split('.').length - a.name.split('.').length)
  for (const zone of deepestFirst) {
    const below = deepestFirst.filter(({ name }) => name !== zone.name && parentAmong(zones, name) === zone.name)
    const delegations = below.flatMap(({ name, ds = (own) => own }) => [
      `${name}. NS ns.${name}.`,
      `ns.${name}. A 127.0.0.1`,
      ...ds(anchors.get(name) ?? []),
    ])
    const soa = `@ SOA ns hostmaster 1 3600 900 86400 300\n@ NS ns\nns A 127.0.0.1`
    const text = `$ORIGIN ${zone.name}.\n$TTL 300\n${soa}\n${zone.records}\n${delegations.join('\n')}\n`
    const file = fileOf(folder, zone.name)
    writeFileSync(file, text)
    if (zone.sign !== undefined) anchors.set(zone.name, signZone(folder, zone.name, zone.sign))
    if (zone.edit !== undefined) writeFileSync(file, zone.edit(readFileSync(file, 'utf8')))
  }
  const port = await freePort()
  const served = zones.map(({ name }) => `  - domain: ${name}\n    file: ${fileOf(folder, name)}`)
  const server = `server:\n    listen: 127.0.0.1@${port}\n    rundir: ${folder}\n    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1`
  const config = join(folder, 'knotd.conf')
  writeFileSync(config, `${server}\ndatabase:\n    storage: ${folder}/served\nzone:\n${served.join('\n')}\n`)
  const [first] = zones
  const ready = async (): Promise<boolean> =>
    ((await askDns(port, first?.name ?? '.', 'SOA', 200))?.answers ?? []).length > 0
  const program = await startProgram('knotd', ['-c', config], ready)
  const dispose = async (): Promise<void> => {
    await program[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
  return { host: '127.0.0.1', port, anchors: (zone) => anchors.get(zone) ?? [], [Symbol.asyncDispose]: dispose }
}

function parentAmong(zones: readonly KnotZone[], name: string): string | undefined {
  return zones
    .map((zone) => zone.name)
    .filter((other) => name.endsWith(`.${other}`))
    .toSorted((a, b) => b.length - a.length)[0]
}

function fileOf(folder: string, zone: string): string {
  return join(folder, `${zone}.zone`)
}

/** Signs a zone's file in place and returns its DS records. */
function signZone(
  folder: string,
  zone: string,
  { algorithm, policy, atSeconds }: NonNullable<KnotZone['sign']>,
): string[] {
  const settings = { 'rrsig-lifetime': '14d', 'rrsig-refresh': '7d', 'cds-cdnskey-publish': 'none', ...policy }
  const lines = Object.entries(settings).map(([key, value]) => `    ${key}: ${value}`)
  const config = join(folder, `${zone}.conf`)
  const storage = join(folder, `keys-${zone}`)
  mkdirSync(storage)
  writeFileSync(
    config,
    [
      `database:\n    storage: ${storage}`,
      `policy:\n  - id: p\n    algorithm: ${algorithm}\n    single-type-signing: on\n${lines.join('\n')}`,
      `zone:\n  - domain: ${zone}\n    file: ${fileOf(folder, zone)}`,
      '    dnssec-signing: on\n    dnssec-policy: p\n    zonefile-load: whole\n',
    ].join('\n'),
  )
  const at = atSeconds === undefined ? [] : ['-t', String(atSeconds)]
  run('kzonesign', ['-c', config, '-o', folder, ...at, zone])
  return run('keymgr', ['-c', config, zone, 'ds']).trim().split('\n')
}

function run(program: string, args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`)
  return stdout
}

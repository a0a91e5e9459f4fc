import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { capabilities, pingProblem } from '../capabilities.ts'
import { probeDocument } from '../probe.fixture.ts'
import { runPing } from './ping.ts'

const problem = await pingProblem()
const withPing = problem === undefined ? '' : ` (${problem})`

describe.skipIf(problem !== undefined)(`beside the system's ping${withPing}`, () => {
  test('tells loss, round trips and the hop limit of this machine', async () => {
    const result = await probeDocument({ kind: 'icmp', target: 'localhost', icmp: { ipFamily: '4' } })
    expect(result).toMatchObject({
      outcome: 'up',
      ip: '127.0.0.1',
      ipFamily: 4,
      error: null,
      icmp: { sent: 3, received: 3, lossPercent: 0, hopLimit: 64 },
    })
    const { rttMinMs, rttAvgMs, rttMaxMs, rttStddevMs } = result.icmp as { [key: string]: number }
    expect(rttMinMs).toBeLessThanOrEqual(rttAvgMs as number)
    expect(rttAvgMs).toBeLessThanOrEqual(rttMaxMs as number)
    expect(rttStddevMs).toBeGreaterThanOrEqual(0)
    expect(result.phases).toMatchObject({ dnsMs: expect.any(Number), ttfbMs: rttAvgMs, tlsMs: null })
  })

  test('sends as many as the check says, within its timeout', async () => {
    const result = await probeDocument({ kind: 'icmp', target: '127.0.0.1', timeout: '1s', icmp: { count: 20 } })
    expect(result).toMatchObject({ outcome: 'up', icmp: { sent: 20, received: 20 } })
    expect(result.durationMs).toBeLessThan(1200)
  })

  test('an assertion on loss takes the place of the default verdict', async () => {
    const assertions = [
      { source: 'loss', op: 'lt', value: 10 },
      { source: 'phase.ttfb', op: 'lt', value: '0ms' },
    ] as const
    const result = await probeDocument({
      kind: 'icmp',
      target: '127.0.0.1',
      icmp: { count: 1 },
      assertions: [...assertions],
    })
    expect(result.assertions).toMatchObject([
      { source: 'loss', actual: 0, ok: true },
      { source: 'phase.ttfb', ok: false },
    ])
    expect(result).toMatchObject({ outcome: 'down', error: { code: 'assertion_failed' } })
  })

  test('gives up when the caller does', async () => {
    const controller = new AbortController()
    const reason = new Error('stopping')
    setTimeout(() => controller.abort(reason), 50)
    const context = { signal: controller.signal, deadlineMs: performance.now() + 5000 }
    await expect(runPing({ address: '127.0.0.1', family: 4 }, 20, context)).rejects.toBe(reason)
  })

  test('is among what this process can do', async () => {
    expect(await capabilities()).toEqual(expect.arrayContaining(['dns', 'http', 'icmp', 'tcp', 'tls']))
  })
})

test.each(['169.254.169.254', '0xA9FEA9FE', '2852039166', '0251.0376.0251.0376', '::ffff:a9fe:a9fe', 'ff02::1'])(
  'an address that the policy denies is not pinged: %s',
  async (target) => {
    const result = await probeDocument({ kind: 'icmp', target })
    expect(result).toMatchObject({ outcome: 'down', error: { code: 'egress_denied', phase: 'connect' }, icmp: null })
  },
)

test('a name that does not exist is told as the dns phase tells it', async () => {
  const result = await probeDocument({ kind: 'icmp', target: '127.0.0.1', icmp: { ipFamily: '6' } })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'dns_nodata' } })
})

test('without ping the fault is ours, and icmp is not among what this process can do', async () => {
  const context = { signal: AbortSignal.timeout(5000), deadlineMs: performance.now() + 5000 }
  const work = runPing({ address: '127.0.0.1', family: 4 }, 1, context, '/nowhere/ping')
  await expect(work).rejects.toThrow('ping: spawn /nowhere/ping ENOENT')
  expect(await capabilities('/nowhere/ping')).not.toContain('icmp')
  expect(await capabilities('/nowhere/ping')).toContain('http')
})

/** Runs a module in the folder of this file under other conditions; it prints JSON. */
function under(command: readonly string[], module: string, prepare = ''): unknown {
  const script = `${prepare} exec "$0" --disable-warning=ExperimentalWarning --input-type=module -e "$1"`
  const [program, ...args] = [...command, 'sh', '-ec', script, process.execPath, module]
  return JSON.parse(execFileSync(program, args, { cwd: import.meta.dirname, encoding: 'utf8' }))
}

const unprivileged = ['setpriv', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all']
const canDrop = spawnSync(unprivileged[0] ?? '', [...unprivileged.slice(1), 'true']).status === 0

test.skipIf(problem !== undefined || !canDrop)('where ping is not allowed, that is our own fault and told so', () => {
  const module = `
    import { probeDocument } from '../probe.fixture.ts'
    import { capabilities, pingProblem } from '../capabilities.ts'
    const fault = await probeDocument({ kind: 'icmp', target: '127.0.0.1' }).catch((error) => error.cause.message)
    console.log(JSON.stringify({ fault, problem: await pingProblem(), capabilities: await capabilities() }))`
  const said = under(unprivileged, module) as { fault: string; problem: string; capabilities: string[] }
  expect(said.fault).toMatch(/^ping: .*(?:EPERM|EACCES|not permitted|denied)/i)
  expect(said.problem).toBe(said.fault)
  expect(said.capabilities).not.toContain('icmp')
})

const ownNetwork = ['unshare', '--net']
const upLoopback = 'ip link set lo up;'
const canUnshare = spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0

describe.skipIf(problem !== undefined || !canUnshare)('in a network of its own', () => {
  const probing = (document: object): string => `
    import { probeDocument } from '../probe.fixture.ts'
    console.log(JSON.stringify(await probeDocument(${JSON.stringify(document)})))`

  test('silence is loss, told at the timeout', () => {
    const silent = `${upLoopback} echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all;`
    const document = { kind: 'icmp', target: '127.0.0.1', timeout: '1s', icmp: { maxLossPercent: 50 } }
    expect(under(ownNetwork, probing(document), silent)).toMatchObject({
      outcome: 'down',
      error: {
        code: 'icmp_loss',
        phase: 'icmp',
        message: '3 of 3 replies from 127.0.0.1 are missing (100 %); 50 % may be',
        cause: '3 of 3 packets (100 %) got no reply from 127.0.0.1; the check allows 50 %.',
      },
      icmp: { sent: 3, received: 0, lossPercent: 100, rttAvgMs: null, hopLimit: null },
    })
  })

  test.each([
    ['ip route add unreachable 198.51.100.1;', '198.51.100.1', 'icmp_unreachable'],
    ['ip route add prohibit 198.51.100.1;', '198.51.100.1', 'net_unreachable'],
    ['', '198.51.100.1', 'net_unreachable'],
    ['', '2001:db8::1', 'net_unreachable'],
  ])('no way is told: %s ping %s is %s', (route, target, code) => {
    const result = under(ownNetwork, probing({ kind: 'icmp', target }), `${upLoopback} ${route}`)
    expect(result).toMatchObject({ outcome: 'down', ip: target, error: { code } })
  })

  test('an address of a family that leads nowhere is passed over for the next', () => {
    const module = `
      import { icmp } from './icmp.ts'
      import { freshObservation } from '../kind.ts'
      import { Check } from '@sonde/core'
      import { egressPolicy } from '../net/egress.ts'
      const check = Check.parse({ key: 'a', kind: 'icmp', target: 'localhost', icmp: { count: 1 } })
      const seen = freshObservation()
      const egress = egressPolicy({ deny: [], allow: [] })
      await icmp.run(check, seen, { signal: AbortSignal.timeout(5000), deadlineMs: performance.now() + 5000, egress })
      console.log(JSON.stringify(seen.facts))`
    const noIPv6 = `${upLoopback} ip addr del ::1/128 dev lo;`
    expect(under(ownNetwork, module, noIPv6)).toMatchObject({ ip: '127.0.0.1', ipFamily: 4, icmp: { received: 1 } })
  })
})

/** Fewer than this say nothing of what they have in common. */
export const handful = 5

/** How a check stands in the region that is judged, and elsewhere. */
export type RegionWitness = {
  /** The host of its target: checks of one host fail together for the host's sake. */
  host: string
  intervalMs: number
  /** Of the newest result that is not `missed`. */
  lastSlotMs: number
  /** The first slot of those in a row that failed, up to the newest; null when the newest was good. */
  failingSinceMs: number | null
  /** Its verdict there is still down, though its newest result may be good. */
  isDown: boolean
  code: string | null
  /**
   * What other regions found since it began to fail: `good` when one of them reaches the target, `bad` when those that looked
   * do not, `pending` when none of those that will has looked yet, and `nobody` when no other region looks.
   */
  elsewhere: 'good' | 'bad' | 'pending' | 'nobody'
}

/** Hosts of which all is well, besides those of the witnesses: how many were last probed at an instant, or not long after it. */
export type FineHosts = readonly { lastSlotMs: number; hosts: number }[]

export type RegionWeight = {
  sinceMs: number
  /** Hosts that fail there alone, as far as is known. */
  failing: string[]
  /** Hosts that are fine there, or fail everywhere. */
  others: number
  /** How many of `failing` another region reaches. */
  disagreed: number
  code: string | null
}

type Host = {
  host: string
  sinceMs: number | null
  lastSlotMs: number
  elsewhere: RegionWitness['elsewhere']
  codes: string[]
}

// "Most" fail where others disagree; alone, nearly all must, as nobody can say otherwise.
const mostShare = 0.5
const nearlyAllShare = 0.9

// What a target said itself: the way to it cannot be at fault.
const spoken = new Set([
  'http_status',
  'assertion_failed',
  'tcp_expect',
  'http_too_many_redirects',
  'http_bad_redirect',
])

/**
 * Weighs what fails in a region: `sick` when at least a handful of hosts began to fail at once, and are most of those that were
 * probed since. Where other regions look they must reach them; where none does, nearly everything must fail, and not by the
 * target's own word. `doubt` when it hangs on regions that have not looked again yet. What fails everywhere is an outage,
 * however large, and makes no region sick.
 */
export function weighRegion(
  witnesses: readonly RegionWitness[],
  fineBesides: FineHosts = [],
): { is: 'sick' | 'doubt'; weight: RegionWeight } | null {
  const hosts = hostsOf(witnesses)
  const failing = failingOf(hosts)
  const seenFine = hosts.filter(({ sinceMs }) => sinceMs === null)
  const fine = [...fineBesides, ...seenFine.map(({ lastSlotMs }) => ({ lastSlotMs, hosts: 1 }))]
  fine.sort((a, b) => a.lastSlotMs - b.lastSlotMs)
  let doubt: RegionWeight | null = null
  const left = countsOf(failing)
  let fineSince = fine.reduce((sum, one) => sum + one.hosts, 0)
  let earlier = 0
  // Each beginning is tried, the earliest first: those that failed before it, or were fine before it and not probed since, say nothing.
  for (const [index, host] of failing.entries()) {
    const { sinceMs } = host
    if (sinceMs !== failing[index - 1]?.sinceMs) {
      for (let one = fine[earlier]; one !== undefined && one.lastSlotMs < sinceMs; one = fine[earlier]) {
        fineSince -= one.hosts
        earlier += 1
      }
      const found = weigh(left, fineSince)
      if (found === 'sick') return { is: 'sick', weight: weightOf(failing.slice(index), fineSince, sinceMs) }
      if (found === 'doubt') doubt ??= weightOf(failing.slice(index), fineSince, sinceMs)
    }
    left[sideOf(host)] -= 1
  }
  return doubt === null ? null : { is: 'doubt', weight: doubt }
}

/**
 * What must be known of the hosts that are fine before the witnesses that fail can weigh anything: with more than `hosts` of them probed since
 * `sinceMs`, `weighRegion` says null, whatever the rest is. Null where it does so in any case, as when too few fail.
 */
export function doubtOf(failing: readonly RegionWitness[]): { sinceMs: number; hosts: number } | null {
  const weighing = failingOf(hostsOf(failing)).filter((host) => !['bad', 'spoken'].includes(sideOf(host)))
  // No beginning counts before a handful has begun to fail since.
  const handfulth = weighing.at(-handful)
  return handfulth === undefined ? null : { sinceMs: handfulth.sinceMs, hosts: weighing.length }
}

type Failing = Host & { sinceMs: number }

/** The hosts that fail, in the order in which they began to. */
function failingOf(hosts: readonly Host[]): Failing[] {
  return hosts.filter((host): host is Failing => host.sinceMs !== null).sort((a, b) => a.sinceMs - b.sinceMs)
}

type Side = RegionWitness['elsewhere'] | 'spoken'

function sideOf({ elsewhere, codes }: Host): Side {
  return elsewhere === 'nobody' && codes.length > 0 && codes.every((code) => spoken.has(code)) ? 'spoken' : elsewhere
}

function countsOf(hosts: readonly Host[]): Record<Side, number> {
  const counts = { good: 0, bad: 0, pending: 0, nobody: 0, spoken: 0 }
  for (const host of hosts) counts[sideOf(host)] += 1
  return counts
}

function weigh({ good, bad, pending, nobody, spoken }: Record<Side, number>, fine: number): 'sick' | 'doubt' | 'fine' {
  const against = bad + spoken + fine
  const isMost = (hosts: number, share: number) => hosts / (hosts + against) >= share
  if (good >= handful && isMost(good + nobody, mostShare)) return 'sick'
  // A region of one's own alone, or beside others that hardly share a check with it.
  if (good + pending === 0 && nobody >= handful && isMost(nobody, nearlyAllShare)) return 'sick'
  return pending > 0 && good + pending + nobody >= handful && isMost(good + pending + nobody, mostShare)
    ? 'doubt'
    : 'fine'
}

function weightOf(failing: readonly Host[], fine: number, sinceMs: number): RegionWeight {
  const alone = failing.filter(({ elsewhere }) => elsewhere !== 'bad')
  const codes = Map.groupBy(
    alone.flatMap((host) => host.codes),
    (code) => code,
  )
  const [code] = [...codes].sort(([, a], [, b]) => b.length - a.length)[0] ?? [null]
  return {
    sinceMs,
    failing: alone.map(({ host }) => host).sort(),
    others: failing.length - alone.length + fine,
    disagreed: alone.filter(({ elsewhere }) => elsewhere === 'good').length,
    code,
  }
}

// What one check of a host says goes for the host: good news before bad, and certainty before doubt.
const sayings = ['good', 'bad', 'pending', 'nobody'] as const

function hostsOf(witnesses: readonly RegionWitness[]): Host[] {
  return [...Map.groupBy(witnesses, ({ host }) => host)].map(([host, own]) => {
    const failing = own.filter(({ failingSinceMs }) => failingSinceMs !== null)
    const sinceMs = Math.min(...failing.map(({ failingSinceMs }) => failingSinceMs as number))
    const fineMs = Math.max(
      ...own.filter(({ failingSinceMs }) => failingSinceMs === null).map(({ lastSlotMs }) => lastSlotMs),
    )
    const elsewhere = sayings.find((said) => failing.some((one) => one.elsewhere === said)) ?? 'nobody'
    const codes = failing.flatMap(({ code }) => code ?? [])
    return {
      host,
      sinceMs: failing.length > 0 && fineMs < sinceMs ? sinceMs : null,
      lastSlotMs: fineMs,
      elsewhere,
      codes,
    }
  })
}

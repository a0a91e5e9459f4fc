import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'

/** What /etc/resolv.conf says (resolv.conf(5)), as far as it concerns us. */
export type ResolverConfig = { servers: string[]; search: string[]; ndots: number }

/** Reads /etc/resolv.conf; without one, or without a name server in it, the resolver on this machine is asked. */
export const systemResolver = cachedFile('/etc/resolv.conf', parseResolvConf)

/** The machine's own DNS servers. */
export function systemServers(): { address: string; port: number }[] {
  return systemResolver().servers.map((address) => ({ address, port: 53 }))
}

/** The addresses that /etc/hosts gives each name, in the order of the file; names are lower-case. */
export const systemHosts = cachedFile('/etc/hosts', parseHosts)

export function parseResolvConf(text: string): ResolverConfig {
  const config: ResolverConfig = { servers: [], search: [], ndots: 1 }
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/)
    if (keyword === 'nameserver' && values[0] !== undefined && isIP(values[0].replace(/%.*$/, '')) !== 0) {
      config.servers.push(values[0])
    } else if (keyword === 'search' || keyword === 'domain') {
      // The last of several lines counts, as in glibc.
      config.search = values.map((domain) => domain.replace(/\.$/, '')).filter((domain) => domain !== '')
    } else if (keyword === 'options') {
      const ndots = values.map((option) => /^ndots:(\d+)$/.exec(option)?.[1]).findLast((digits) => digits !== undefined)
      if (ndots !== undefined) config.ndots = Math.min(Number(ndots), 15)
    }
  }
  if (config.servers.length === 0) config.servers.push('127.0.0.1')
  return config
}

export function parseHosts(text: string): Map<string, string[]> {
  const hosts = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*$/, '').trim().split(/\s+/)
    if (address === undefined || isIP(address) === 0) continue
    for (const name of names.map((one) => one.toLowerCase())) {
      const known = hosts.get(name) ?? []
      if (!known.includes(address)) hosts.set(name, [...known, address])
    }
  }
  return hosts
}

// Often enough to follow a changed file, seldom enough to cost nothing at hundreds of probes a second.
const lookAgainMs = 1000

function cachedFile<Parsed>(path: string, parse: (text: string) => Parsed): () => Parsed {
  let parsed: Parsed | undefined
  let version = ''
  let lookedAt = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    if (parsed !== undefined && now - lookedAt < lookAgainMs) return parsed
    lookedAt = now
    const stat = statSync(path, { throwIfNoEntry: false })
    const current = stat === undefined ? 'absent' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`
    if (parsed === undefined || current !== version) {
      parsed = parse(stat === undefined ? '' : readFileSync(path, 'utf8'))
      version = current
    }
    return parsed
  }
}

/** What `ping` saw, told by its own lines and its summary; times in ms. */
export type PingReport = {
  sent: number
  received: number
  /** ICMP errors that came back instead of replies, such as "Destination Host Unreachable". */
  errors: number
  /** The first of them, with who sent it: `192.0.2.1: Destination Host Unreachable`. */
  firstError: string | null
  rtt: { min: number; avg: number; max: number; stddev: number } | null
  firstRttMs: number | null
  /** TTL (IPv4) or hop limit (IPv6) of the last reply. */
  hopLimit: number | null
}

const summaryLine =
  /^(\d+) packets transmitted, (\d+) received,(?: \+\d+ duplicates,)?(?: \+\d+ corrupted,)?(?: \+(\d+) errors,)? [\d.]+% packet loss/m
const rttLine = /^rtt min\/avg\/max\/mdev = ([\d.]+)\/([\d.]+)\/([\d.]+)\/([\d.]+) ms/m
const replyLine = /^\d+ bytes from \S+ icmp_seq=\d+ (?:ttl|hlim)=(\d+)(?: time[=<]([\d.]+) ms)?/gm
const errorLine = /^From (\S+?):? icmp_seq=\d+ (.+)$/m

/**
 * Reads what the ping of iputils prints under `LC_ALL=C`; undefined when it has no summary, which is to say that it did not ping.
 * What it calls mdev is the standard deviation of the round trips.
 */
export function parsePing(output: string): PingReport | undefined {
  const [summary, sent, received, errors] = summaryLine.exec(output) ?? []
  if (summary === undefined) return undefined
  const [, min, avg, max, mdev] = rttLine.exec(output) ?? []
  const [, from, reason] = errorLine.exec(output) ?? []
  const replies = Array.from(output.matchAll(replyLine))
  const hopLimit = replies.at(-1)?.[1]
  const firstRtt = replies[0]?.[2]
  return {
    sent: Number(sent),
    received: Number(received),
    errors: Number(errors ?? 0),
    firstError: from === undefined ? null : `${from}: ${reason}`,
    rtt: mdev === undefined ? null : { min: Number(min), avg: Number(avg), max: Number(max), stddev: Number(mdev) },
    firstRttMs: firstRtt === undefined ? null : Number(firstRtt),
    hopLimit: hopLimit === undefined ? null : Number(hopLimit),
  }
}

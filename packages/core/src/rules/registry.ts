import type { IncidentRule } from '../alert-policy.ts'
import { judgeCertChange } from './cert-change.ts'
import { judgeCertExpiry } from './cert-expiry.ts'
import { judgeChannelDead } from './channel-dead.ts'
import type { Decision, OpenIncident } from './decision.ts'
import { type DnsChangeFacts, judgeDnsChange } from './dns-change.ts'
import { judgeDnssecExpiry } from './dnssec-expiry.ts'
import { type DownFacts, judgeDown } from './down.ts'
import { judgeLatency } from './latency.ts'
import { judgeNoData, type NoDataFacts } from './no-data.ts'
import { judgeRegionSilent } from './region-silent.ts'
import { judgeRegionSuspect } from './region-suspect.ts'

/** All that the rules of a check look at. */
export type CheckFacts = Omit<DownFacts, 'inDoubt'> &
  Pick<DnsChangeFacts, 'accepted'> &
  Pick<NoDataFacts, 'silentRegions' | 'watchedFrom'> & { inDoubt: ReadonlySet<string> }

/**
 * The rules that are judged of each check on its own: facts and the open incident in, what to do about it out. Each is in a file
 * of its own, touches nothing, and gives the same answer for the same facts.
 */
export const checkRules = {
  down: judgeDown,
  noData: judgeNoData,
  dnsChange: judgeDnsChange,
  dnssecExpiry: judgeDnssecExpiry,
} satisfies Partial<Record<IncidentRule, (facts: CheckFacts, open: OpenIncident | null, nowMs: number) => Decision>>
export type CheckRule = keyof typeof checkRules
export const checkRuleNames = Object.keys(checkRules) as CheckRule[]

/** Those that are judged as time passes, of what the whole of it says: a window of results, a certificate, a region, a channel. */
export const timedRules = {
  latency: judgeLatency,
  certExpiry: judgeCertExpiry,
  certChange: judgeCertChange,
  regionSuspect: judgeRegionSuspect,
  regionSilent: judgeRegionSilent,
  channelDead: judgeChannelDead,
} satisfies { [Rule in Exclude<IncidentRule, CheckRule>]: unknown }

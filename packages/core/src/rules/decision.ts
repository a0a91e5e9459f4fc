/** A region in an incident, as the webhook and the API show it. `down` says that it breaks the rule there, whatever the rule is. */
export type IncidentRegion = {
  region: string
  state: 'down' | 'up' | 'unknown'
  code: string | null
  message: string | null
}

/** What is known of an incident when it opens, and each time that it changes. */
export type IncidentFacts = {
  code: string | null
  summary: string
  cause: string | null
  remedy: string | null
  regions: IncidentRegion[]
  /** What the rule wants to know when it judges again; shown to nobody. */
  memory: Readonly<Record<string, unknown>>
}

/** An incident that is open, with what a rule needs to know of it. */
export type OpenIncident = {
  /** What it speaks of where one check may have several of a rule, such as a certificate; else empty. */
  subject: string
  openedMs: number
  acknowledged: boolean
  code: string | null
  summary: string
  cause: string | null
  remedy: string | null
  regions: readonly IncidentRegion[]
  memory: Readonly<Record<string, unknown>>
}

/** What is to be done about one rule of one check, certificate or region, and why. */
export type Decision =
  /** `channels` are to hear of it in place of those of the policy, where the rule knows better. */
  | { action: 'open'; subject: string; facts: IncidentFacts; channels?: readonly string[]; why: string }
  /**
   * `tell` is false for what is only written down: nobody wants to be woken for it; or names those of the channels that heard of it
   * for which it is news. `channels` are to hear of it from here on.
   */
  | {
      action: 'update'
      subject: string
      facts: IncidentFacts
      tell: boolean | readonly string[]
      channels?: readonly string[]
      why: string
    }
  | { action: 'resolve'; subject: string; regions: IncidentRegion[]; why: string }
  | { action: 'nothing'; why: string }

export function nothing(why: string): Decision {
  return { action: 'nothing', why }
}

/** What ends an incident when its rule does not apply any more; nothing when none is open. */
export function withdrawn(open: OpenIncident | null, why: string): Decision {
  return open === null ? nothing(why) : { action: 'resolve', subject: open.subject, regions: [...open.regions], why }
}

/** Names in a sentence: all of a few, the first of many. */
export function listed(names: readonly string[], most = 10): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}

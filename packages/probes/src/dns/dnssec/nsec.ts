import { isWithin, labelOctets, labelsOf, nameOf, sameName } from '../../net/dns-name.ts'
import { cursorOf, typesIn } from '../../net/dns-rdata.ts'
import { denialByTypes, endsAuthority, type Proofs, wildcardOf } from './denial.ts'
import type { RRset } from './rrset.ts'

type Nsec = { owner: string; next: string; types: string[] }

/** Denial by NSEC (RFC 4034 4, RFC 4035 5.4): each record names the next name that exists. Throws `DnsFormatError`. */
export function nsecProofs(sets: readonly RRset[], zone: string): Proofs {
  const all = sets.flatMap(({ name, records }) =>
    records.map((record): Nsec => {
      const cursor = cursorOf(record)
      return { owner: name, next: cursor.name(), types: typesIn(cursor) }
    }),
  )
  const matching = (name: string): Nsec | undefined => all.find(({ owner }) => sameName(owner, name))
  const covering = (name: string): Nsec | undefined => all.find((nsec) => covers(nsec, name, zone))
  const none = { optOut: false, delegation: false }
  return {
    noData(name, type) {
      const own = matching(name)
      if (own !== undefined) return denialByTypes(own.types, type, name === '.')
      const around = covering(name)
      if (around === undefined) return undefined
      // An empty non-terminal: nothing at the name, but something below it.
      if (isWithin(around.next, name)) return none
      const wildcard = matching(wildcardOf(closestEncloser(around, name)))
      return wildcard === undefined ? undefined : denialByTypes(wildcard.types, type, false)
    },
    noName(name) {
      const around = covering(name)
      if (around === undefined || isWithin(around.next, name)) return undefined
      return covering(wildcardOf(closestEncloser(around, name))) === undefined ? undefined : none
    },
    noCloser(name, wildcardLabels) {
      const around = covering(name)
      if (around === undefined || isWithin(around.next, name)) return undefined
      return labelsOf(closestEncloser(around, name)).length <= wildcardLabels ? none : undefined
    },
  }
}

function covers({ owner, next, types }: Nsec, name: string, zone: string): boolean {
  if (!isWithin(name, zone) || sameName(owner, name)) return false
  if (isWithin(name, owner) && endsAuthority(types)) return false
  if (compareNames(owner, name) >= 0) return false
  // The last one leads back to the first.
  return sameName(next, zone) || compareNames(name, next) < 0
}

/** The canonical order of names (RFC 4034 6.1): by labels from the right, each as octets in lower case. */
export function compareNames(a: string, b: string): number {
  const left = labelsOf(a.toLowerCase()).reverse()
  const right = labelsOf(b.toLowerCase()).reverse()
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = labelOctets(left[index] as string).compare(labelOctets(right[index] as string))
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** The longest name above this one that exists, as the record around it shows by its two ends. */
function closestEncloser({ owner, next }: Nsec, name: string): string {
  const labels = labelsOf(name)
  for (let skip = 1; skip < labels.length; skip++) {
    const above = nameOf(labels.slice(skip))
    if (isWithin(owner, above) || isWithin(next, above)) return above
  }
  return '.'
}

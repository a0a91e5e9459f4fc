import type { Result } from '../result.ts'

/** What is remembered of the answers that a `dns` check got in a region. */
export type AnswerMemory = {
  /** The set that is taken for the right one, as "TYPE data", sorted. */
  known: readonly string[]
  /** How often the zone, and no cache, gave this set without another in between; counted up to `steadyLooks`. */
  looks: number
  /** Of the newest answer, while looks are counted: its time to live, and its slot. */
  last: { ttl: number; slotMs: number } | null
  /** Other sets that were seen before, and when last. A name that turns among these is round-robin. */
  others: readonly { set: readonly string[]; seenMs: number }[]
  /** A set that came in place of the known one, and how often in a row. */
  candidate: { set: readonly string[]; count: number } | null
  /** The last change of a steady set, until the old one is back. */
  changed: { from: readonly string[]; to: readonly string[]; atMs: number } | null
}

const steadyLooks = 3
const rememberedMs = 86_400_000
const mostOthers = 8
// More answers than this are no set that anybody watches for a change.
const mostAnswers = 100

/** The answers of the type that was asked for, as a set: TTL, order and repetition do not count. Null when there are none to compare. */
export function answerSet(result: Pick<Result, 'outcome' | 'dns'>): { set: readonly string[]; ttl: number } | null {
  const { dns } = result
  if (dns === null || dns.rcode !== 'NOERROR' || result.outcome === 'missed' || dns.answers.length > mostAnswers)
    return null
  // An alias before the answers is how the name is made, and signatures are new every few days.
  const types = new Set(dns.answers.map(({ type }) => type).filter((type) => type !== 'RRSIG'))
  const isAlias = (type: string) => type === 'CNAME' && types.size > 1
  const answers = dns.answers.filter(({ type }) => type !== 'RRSIG' && !isAlias(type))
  if (answers.length === 0) return null
  const set = [
    ...new Set(answers.map(({ type, data }) => `${type} ${type === 'SOA' ? withoutSerial(data) : data}`)),
  ].sort()
  return { set, ttl: Math.min(...answers.map(({ ttl }) => ttl)) }
}

// "mname rname serial refresh retry expire minimum": the serial changes with every edit of the zone.
function withoutSerial(data: string): string {
  return data.split(/\s+/).toSpliced(2, 1).join(' ')
}

/**
 * What is remembered after one more answer. A change is a set that was *steady* (the zone gave it three times, caches not counted,
 * and nothing else) followed by another that was not seen for a day, `confirmations` times in a row. What turns among sets, or is
 * another every time, is round-robin and changes nothing. Answers the same object when there is nothing new to remember.
 */
export function advanceAnswers(
  before: AnswerMemory | null,
  seen: { set: readonly string[]; ttl: number },
  slotMs: number,
  confirmations: number,
): AnswerMemory {
  const { set, ttl } = seen
  const last = { ttl, slotMs }
  if (before === null) return { known: set, looks: 1, last, others: [], candidate: null, changed: null }
  if (same(set, before.known)) {
    if (before.looks >= steadyLooks) return before.candidate === null ? before : { ...before, candidate: null }
    const looks = before.looks + (isFresh(before.last, last) ? 1 : 0)
    return { ...before, looks, last: looks >= steadyLooks ? null : last, candidate: null }
  }
  const isBack = before.changed !== null && same(set, before.changed.from)
  const others = before.others.filter(({ seenMs }) => slotMs - seenMs < rememberedMs)
  if (!isBack && others.some((other) => same(other.set, set))) {
    const turned = others.map((other) => (same(other.set, set) ? { ...other, seenMs: slotMs } : other))
    return { ...before, others: turned, candidate: null }
  }
  const aside = [{ set: before.known, seenMs: slotMs }, ...others.filter((other) => !same(other.set, set))].slice(
    0,
    mostOthers,
  )
  // Not steady yet: what is known is still being found out.
  if (before.looks < steadyLooks && !isBack)
    return { ...before, known: set, looks: 1, last, others: aside, candidate: null }
  const count = before.candidate !== null && same(before.candidate.set, set) ? before.candidate.count + 1 : 1
  if (count < confirmations) return { ...before, candidate: { set, count } }
  const taken = { known: set, looks: 1, last, candidate: null }
  if (isBack)
    return {
      ...taken,
      others: others.filter((other) => !same(other.set, set)),
      looks: steadyLooks,
      last: null,
      changed: null,
    }
  // The old set is not put aside: to see it again is news.
  return { ...taken, others, changed: { from: before.known, to: set, atMs: slotMs } }
}

/** Whether an answer came from the zone, and not from a cache in which its time to live runs down. */
function isFresh(before: { ttl: number; slotMs: number } | null, now: { ttl: number; slotMs: number }): boolean {
  if (before === null) return true
  const passedSeconds = (now.slotMs - before.slotMs) / 1000
  return now.ttl > before.ttl - passedSeconds + 0.5 || now.ttl === 0
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((answer, index) => answer === b[index])
}

import type { Check } from '../check.ts'
import type { Result } from '../result.ts'
import { type AnswerMemory, advanceAnswers, answerSet } from './answers.ts'
import { advanceSignature, type SignatureMemory } from './signature.ts'

/** What rules remember of a check in a region from one result to the next; null where there is nothing. */
export type RuleMemory = { answers: AnswerMemory | null; signature: SignatureMemory | null }

/** What is remembered after one more result, the newest: the same object for nearly all of them. */
export function advanceMemory(before: RuleMemory | null, result: Result, check: Check): RuleMemory | null {
  if (result.dns === null || result.outcome === 'missed') return before
  const seen = answerSet(result)
  const { failureThreshold } = check.alerts
  const confirmations = typeof failureThreshold === 'number' ? failureThreshold : failureThreshold.failures
  const known = before?.answers ?? null
  const answers = seen === null ? known : advanceAnswers(known, seen, Date.parse(result.slot), confirmations)
  const told = advanceSignature(before?.signature ?? null, result)
  const signature = told === undefined ? (before?.signature ?? null) : told
  if (answers === known && signature === (before?.signature ?? null)) return before
  return { answers, signature }
}

import { availability, type Rollup } from './rollup.ts'

export type SloCounts = Pick<Rollup, 'up' | 'down' | 'missed' | 'maintenance'>

/**
 * A service level over a window, in parts of one: `objective` 0.999 allows a thousandth of the judged slots to be down, which is
 * the error budget. Unknown time (missed slots) and maintenance are neither good nor bad; they are told apart.
 */
export type Slo = {
  objective: number
  availability: number | null
  good: number
  bad: number
  unknown: number
  maintenance: number
  /** Slots that may be down in the window, and how many of them are left: below zero the budget is overdrawn. */
  budget: { allowed: number; left: number; leftRatio: number | null }
}

export function sloOf(counts: SloCounts, objective: number): Slo {
  const { up, down, missed, maintenance } = counts
  const allowed = (up + down) * (1 - objective)
  return {
    objective,
    availability: availability(counts),
    good: up,
    bad: down,
    unknown: missed,
    maintenance,
    budget: { allowed, left: allowed - down, leftRatio: allowed === 0 ? null : (allowed - down) / allowed },
  }
}

/**
 * How fast a window spends the budget: 1 is just as fast as the objective allows, 14.4 over an hour spends 2 % of a 30-day
 * budget (Google's "The Site Reliability Workbook", chapter 5). Null when nothing was judged.
 */
export function burnRate(counts: Pick<SloCounts, 'up' | 'down'>, objective: number): number | null {
  const good = availability(counts)
  return good === null ? null : (1 - good) / (1 - objective)
}

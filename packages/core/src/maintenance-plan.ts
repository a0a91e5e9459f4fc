import { instantOfWall, parseLocalTime, type WallMs, wallOfInstant } from './local-time.ts'
import type { MaintenanceMode, MaintenanceWindow, Subject } from './maintenance.ts'
import { Recurrence } from './recurrence.ts'

const dayMs = 86_400_000
// Late results are of the last days; one plan is asked for few others.
const daysKept = 16

/** A window as it holds once, from `startMs` until before `endMs`, ms since the epoch. */
export type MaintenanceSpan = { startMs: number; endMs: number; window: MaintenanceWindow }

/** The spans of a window that hold at any time in [fromMs, toMs), in order. */
export function maintenanceSpans(window: MaintenanceWindow, fromMs: number, toMs: number): MaintenanceSpan[] {
  return new Spans(window).between(fromMs, toMs)
}

class Spans {
  readonly #window: MaintenanceWindow
  readonly #startMs: WallMs
  readonly #lengthMs: number
  readonly #rule: Recurrence | undefined
  readonly #names: ReadonlySet<string>
  readonly #isOfAll: boolean
  readonly #labels: readonly (readonly [name: string, value: string])[]

  constructor(window: MaintenanceWindow) {
    const [startMs, endMs] = [parseLocalTime(window.start) ?? 0, parseLocalTime(window.end) ?? 0]
    this.#window = window
    this.#startMs = startMs
    this.#lengthMs = endMs - startMs
    this.#rule = window.rrule === undefined ? undefined : new Recurrence(window.rrule, startMs, window.timeZone)
    this.#names = new Set(window.checks)
    this.#labels = Object.entries(window.labels)
    this.#isOfAll = this.#labels.length === 0 && window.checks.length === 0
  }

  between(fromMs: number, toMs: number): MaintenanceSpan[] {
    const { timeZone } = this.#window
    // A day more on either side: what the clock shows and what an instant is differ by less.
    const starts = this.#starts(
      wallOfInstant(fromMs, timeZone) - this.#lengthMs - dayMs,
      wallOfInstant(toMs, timeZone) + dayMs,
    )
    return starts
      .map((startMs) => this.#spanAt(startMs))
      .filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs)
  }

  matches(check: Subject): boolean {
    if (this.#isOfAll || this.#names.has(check.key)) return true
    return this.#labels.length > 0 && this.#labels.every(([name, value]) => check.labels[name] === value)
  }

  #starts(fromMs: WallMs, toMs: WallMs): WallMs[] {
    if (this.#rule !== undefined) return this.#rule.between(fromMs, toMs)
    return this.#startMs >= fromMs && this.#startMs <= toMs ? [this.#startMs] : []
  }

  /** By the clock on the wall at both ends, so that it is over when people say that it is: an hour longer or shorter on two days. */
  #spanAt(wallMs: WallMs): MaintenanceSpan {
    const { timeZone } = this.#window
    const startMs = instantOfWall(wallMs, timeZone)
    const endMs = instantOfWall(wallMs + this.#lengthMs, timeZone)
    // Where the clock skips its beginning alone, it would end before it begins.
    return { startMs, endMs: endMs > startMs ? endMs : startMs + this.#lengthMs, window: this.#window }
  }
}

/**
 * All maintenance windows, made ready to be asked of every result: while no window holds, an answer costs one look into a map. A plan
 * never changes; another takes its place when a window does.
 */
export class MaintenancePlan {
  readonly #windows: readonly Spans[]
  readonly #days = new Map<number, { span: MaintenanceSpan; of: Spans }[]>()

  constructor(windows: readonly MaintenanceWindow[]) {
    this.#windows = windows.map((window) => new Spans(window))
  }

  get isEmpty(): boolean {
    return this.#windows.length === 0
  }

  /** How a check is in maintenance at an instant; null when it is not. A window that pauses goes before one that silences. */
  modeOf(check: Subject, atMs: number): MaintenanceMode | null {
    // Asked of every result: so without an array of what holds.
    let mode: MaintenanceMode | null = null
    for (const { span, of } of this.#ofDay(Math.floor(atMs / dayMs))) {
      if (atMs < span.startMs || atMs >= span.endMs || !of.matches(check)) continue
      if (span.window.mode === 'pause') return 'pause'
      mode = 'silence'
    }
    return mode
  }

  /** What tells of a check whether a window pauses it at an instant; undefined when none pauses anything then. */
  pausedAt(atMs: number): ((check: Subject) => boolean) | undefined {
    const pausing = this.#ofDay(Math.floor(atMs / dayMs)).filter(
      ({ span }) => span.window.mode === 'pause' && span.startMs <= atMs && atMs < span.endMs,
    )
    return pausing.length === 0 ? undefined : (check) => pausing.some(({ of }) => of.matches(check))
  }

  /** The windows that hold for a check at an instant. */
  windowsOf(check: Subject, atMs: number): MaintenanceWindow[] {
    return this.#holding(check, atMs).map(({ window }) => window)
  }

  /** When the maintenance ends that a check is in at an instant, with what follows on at once; `atMs` itself when it is in none. */
  endOf(check: Subject, atMs: number): number {
    let endMs = atMs
    // Windows that overlap for ever (daily ones of a day) are looked at again later.
    for (let step = 0; step < 32; step++) {
      const further = Math.max(endMs, ...this.#holding(check, endMs).map((span) => span.endMs))
      if (further === endMs) break
      endMs = further
    }
    return endMs
  }

  /** The latest instant in (fromMs, toMs] at which a check was let go by a pause; undefined when there is none. */
  resumedAt(check: Subject, fromMs: number, toMs: number): number | undefined {
    const ends = this.#windows
      .filter((of) => of.matches(check))
      .flatMap((of) => of.between(fromMs, toMs))
      .filter(({ window, endMs }) => window.mode === 'pause' && endMs > fromMs && endMs <= toMs)
      .map(({ endMs }) => endMs)
    return ends.length === 0 ? undefined : Math.max(...ends)
  }

  /** The first instant in (fromMs, toMs) at which a window begins or ends; undefined when none does. */
  firstChange(fromMs: number, toMs: number): number | undefined {
    let first: number | undefined
    for (let day = Math.floor(fromMs / dayMs); day * dayMs < toMs; day++) {
      for (const { span } of this.#ofDay(day)) {
        for (const at of [span.startMs, span.endMs])
          if (at > fromMs && at < toMs && (first === undefined || at < first)) first = at
      }
    }
    return first
  }

  #holding(check: Subject, atMs: number): MaintenanceSpan[] {
    const spans = this.#ofDay(Math.floor(atMs / dayMs))
    if (spans.length === 0) return []
    return spans
      .filter(({ span, of }) => span.startMs <= atMs && atMs < span.endMs && of.matches(check))
      .map(({ span }) => span)
  }

  #ofDay(day: number): { span: MaintenanceSpan; of: Spans }[] {
    const known = this.#days.get(day)
    if (known !== undefined) return known
    const spans = this.#windows.flatMap((of) =>
      of.between(day * dayMs, (day + 1) * dayMs).map((span) => ({ span, of })),
    )
    if (this.#days.size >= daysKept) this.#days.delete(this.#days.keys().next().value as number)
    this.#days.set(day, spans)
    return spans
  }
}

/** The plan of nothing. */
export const noMaintenance = new MaintenancePlan([])

import type { FailureCode, Seen } from '@sonde/core'
import { Listening, type StopSignal } from './stop.ts'

// Targets may be 4 KiB long, and a message goes into every notification.
const maxMessage = 1000

/** The target failed. Thrown where it is seen, and turned into a value in one place, `probe.ts`. */
export class TargetFailure extends Error {
  readonly code: FailureCode
  /** Fills the blanks of the code's cause and remedy. */
  readonly seen: Seen

  constructor(code: FailureCode, message: string, options?: ErrorOptions & { seen?: Seen }) {
    super(message.length <= maxMessage ? message : `${message.slice(0, maxMessage - 1)}…`, options)
    this.name = 'TargetFailure'
    this.code = code
    this.seen = options?.seen ?? {}
  }
}

/** Why a probe's signal aborts when the check's timeout is over; any other reason is the caller's. */
export class DeadlineExceeded extends Error {
  readonly timeout: string

  constructor(timeout: string) {
    super(`no end within the check's timeout of ${timeout}`)
    this.name = 'DeadlineExceeded'
    this.timeout = timeout
  }
}

/**
 * What to throw when `signal` has aborted: the failure of the phase that was waiting (`describe` is given the timeout as the
 * check writes it; `seen` fills the blanks of its texts), or the caller's own reason, which says nothing of the target.
 */
export function abortError(
  signal: StopSignal,
  code: FailureCode,
  describe: (timeout: string) => string,
  seen: Seen = {},
): unknown {
  const reason: unknown = signal.reason
  return reason instanceof DeadlineExceeded ? new TargetFailure(code, describe(reason.timeout), { seen }) : reason
}

/** Calls `stop` when the signal aborts, in the next microtask if it already has; disposing of the answer stops listening. */
export function onAbort(signal: StopSignal, stop: () => void): Disposable {
  if (signal.aborted) queueMicrotask(stop)
  else signal.addEventListener('abort', stop, { once: true })
  return new Listening(signal, stop)
}

// Running out of descriptors, memory or buffers says nothing of the target.
const ourOwn = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRINUSE', 'ERR_SOCKET_BUFFER_SIZE'])

/** The `code` of a system error, an OpenSSL error or an undici error; the empty string when it has none. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

/** Whether an error of a socket is this machine's fault and must be thrown, not told of the target. */
export function isOurFault(error: unknown): boolean {
  return ourOwn.has(codeOf(error))
}

/** A message that stays one line and short whatever the other side made of it. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/\s+/g, ' ').trim().slice(0, 300)
}

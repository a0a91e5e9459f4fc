import { redactUrls } from './redact-urls.ts'

const maxCauses = 5
const maxText = 2000

/** What is logged of an error. */
export type LoggedError = { type: string; message: string; code?: string; stack?: string; cause?: LoggedError }

/**
 * An error as it is logged: type, message, code and stack, and the same of its causes, each bounded. What else hangs on an error (a
 * driver's whole client, with its password) stays out, and so do logins in URLs.
 */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: shown(String(error)) }
  const code = 'code' in error && ['string', 'number'].includes(typeof error.code) ? String(error.code) : undefined
  // Of several at once, as when every address of a name refused, the first tells.
  const cause: unknown = error.cause ?? (error instanceof AggregateError ? (error.errors as unknown[])[0] : undefined)
  return {
    type: error.name,
    message: shown(error.message),
    ...(code === undefined ? {} : { code: code.slice(0, 64) }),
    ...(error.stack === undefined || depth > 0 ? {} : { stack: shown(error.stack) }),
    ...(cause === undefined || depth >= maxCauses ? {} : { cause: loggedError(cause, depth + 1) }),
  }
}

function shown(text: string): string {
  const safe = redactUrls(text)
  return safe.length <= maxText ? safe : `${safe.slice(0, maxText)}…`
}

/** What a command may touch of the process: given by main.ts, and by tests. */
export type Io = {
  stdout: { write(text: string): unknown; isTTY?: boolean; columns?: number }
  stderr: { write(text: string): unknown }
  env: NodeJS.ProcessEnv
  /** Aborts when the process is told to stop. */
  stop: AbortSignal
  /** Whether `sonde up` started this process. */
  underUp: boolean
}

/** Exit codes: `wrong` for a call or a document that cannot be used. */
export const exit = { ok: 0, failed: 1, wrong: 2 } as const

/** A wrong call of a command: one line, and exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

/** The text with every control character made visible: what a target sent must not steer a terminal. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

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

// Controls, what turns a line round or cannot be seen, line ends beyond ASCII, and halves of characters.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** The text with every control character made visible: what a target sent must not steer a terminal. */
export function printable(text: string): string {
  return text.replace(unprintable, escaped)
}

/** The same for JSON, which stays what it says: the line ends and blanks between its values are kept. */
export function printableJson(json: string): string {
  return json.replace(unprintable, (character) => (character === '\n' ? character : escaped(character)))
}

/** As JSON writes it, by the halves of UTF-16. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => hex(character.charCodeAt(at))).join('')
}

function hex(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}

import type { QueueKind, Stack } from './stack.ts'

/** `short` in `npm test`, `long` for what takes ten minutes in life. */
export type How = { length: 'short' | 'usual' | 'long' }

export type Fault = {
  name: string
  /** Does the harm and, when it is of the kind that passes, ends it. Answers what it saw that should not be. */
  run: (stack: Stack, how: How) => Promise<string[] | void>
  /** In `npm test` too: on which of the stacks that run beside each other there. */
  short?: 1 | 2
  /** Is of one of the two ways to have a queue alone. */
  queue?: QueueKind
  /** No slot may be missed at all. */
  missesNothing?: true
  /** Roles that may end by themselves meanwhile, as they are started while what they need is away. */
  mayEnd?: string[]
}

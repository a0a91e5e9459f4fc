import { AsyncLocalStorage } from 'node:async_hooks'
import type { LabelSelector } from '@sonde/core'

/** Who acts, for the audit log; and what bounds them, for the database to hold every write against. */
export type Actor = {
  /** The id of the token; without one, the process acts by itself. */
  token?: string
  name: string
  address?: string
  requestId?: string
  /** By which way: a route, or a command. */
  via?: string
  labels?: LabelSelector
}

const acting = new AsyncLocalStorage<string>()

/**
 * What `work` writes is written in this name: every connection that it uses is told so before its statements, by the setting
 * `sonde.actor`. Triggers read it: `audit_change` for who did it, `keep_reach` for what a token with labels may write. So neither
 * can be forgotten by a new route, and both are part of the transaction that writes.
 */
export function actAs<Value>(actor: Actor, work: () => Value): Value {
  return acting.run(JSON.stringify(actor), work)
}

/** The value of `sonde.actor` here and now; empty where nobody but the process acts. */
export function actorSetting(): string {
  return acting.getStore() ?? ''
}

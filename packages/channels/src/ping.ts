import type { DeliveryContext } from './delivery.ts'
import { send } from './http.ts'

/** Asks for an address and nothing more, as dead man's switches want it; rejects with a DeliveryError when it does not say yes. */
export function ping(url: string, context: DeliveryContext): Promise<void> {
  return send(url, { method: 'GET' }, context)
}

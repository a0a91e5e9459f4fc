import { isIP } from 'node:net'
import { type DeliveryContext, DeliveryError } from './delivery.ts'

export type Address = { address: string; family: 4 | 6 }

/**
 * The addresses of a host that may be dialled, in order; what is dialled must be one of these, not what another look-up finds.
 * Rejects with a DeliveryError: for good when the egress policy denies all of them, for now when the name cannot be looked up.
 */
export async function allowedAddresses(
  host: string,
  { egress, lookup, signal }: DeliveryContext,
): Promise<[Address, ...Address[]]> {
  const literal = host.replace(/^\[|\]$/g, '')
  const family = isIP(literal)
  const addresses = family === 0 ? await lookUp(literal, lookup, signal) : [{ address: literal, family } as Address]
  const [first, ...others] = addresses.filter(({ address }) => egress.denies(address) === undefined)
  if (first !== undefined) return [first, ...others]
  const reasons = addresses.map(({ address }) => egress.denies(address)).join('; ')
  throw new DeliveryError(`${host}: ${reasons}`, { retryable: false })
}

async function lookUp(host: string, lookup: DeliveryContext['lookup'], signal: AbortSignal): Promise<Address[]> {
  try {
    const addresses = await lookup(host, signal)
    if (addresses.length > 0) return addresses
  } catch (error) {
    throw new DeliveryError(error instanceof Error ? error.message : String(error), { retryable: true, cause: error })
  }
  throw new DeliveryError(`${host} has no address`, { retryable: true })
}

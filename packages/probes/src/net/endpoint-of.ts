import { parseHostPort, type TcpCheck, type TlsCheck } from '@sonde/core'
import { onceFor } from '../once-for.ts'

/** The host and the port that a check's target names. */
export const endpointOf = onceFor(({ target }: TcpCheck | TlsCheck): Readonly<{ host: string; port: number }> => {
  const endpoint = parseHostPort(target)
  if (endpoint === undefined) throw new Error(`"${target}" is no host and port, which the schema should have refused`)
  return endpoint
})

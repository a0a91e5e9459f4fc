import { warmUpParser } from './http/llhttp.ts'
import { warmUp as warmUpTls } from './tls/trust.ts'

/** Reads the trusted roots and compiles the HTTP parser: else the first probes would be measured while that goes on. */
export function warmUp(): void {
  warmUpTls()
  warmUpParser()
}

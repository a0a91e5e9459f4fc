import { reasonsOf } from '@sonde/core'
import fc from 'fast-check'
import { type Description, type Request, requestsTo } from './requests.ts'

export type Fault = { status: number | string; request: Request; answer: string }
export type Fuzzed = { requests: number; seconds: number; byStatus: Record<string, number>; faults: Fault[] }

const atOnce = 16
const patienceMs = 30_000
// Those beyond are the same again.
const mostFaults = 10

/**
 * Sends `count` requests, made from the API's own description, and tells the answers that are a fault of ours: 5xx, no answer, or an
 * error that is no problem document. The same `seed` makes the same requests.
 */
export async function fuzz(url: string, token: string, options: { count: number; seed: number }): Promise<Fuzzed> {
  const description = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as Description
  const requests = fc.sample(requestsTo(description), { numRuns: options.count, seed: options.seed })
  const byStatus: Record<string, number> = {}
  const faults: Fault[] = []
  const beganAt = performance.now()
  let next = 0
  async function send(): Promise<void> {
    for (;;) {
      const request = requests[next]
      next += 1
      if (request === undefined || faults.length >= mostFaults) return
      const fault = await faultOf(url, token, request, (status) => {
        byStatus[status] = (byStatus[status] ?? 0) + 1
      })
      if (fault !== undefined) faults.push(fault)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, send))
  return { requests: Math.min(next, requests.length), seconds: (performance.now() - beganAt) / 1000, byStatus, faults }
}

async function faultOf(
  url: string,
  token: string,
  { method, path, headers, body }: Request,
  count: (status: number) => void,
): Promise<Fault | undefined> {
  const request = { method, path, headers, ...(body === undefined ? {} : { body }) }
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    })
    const answer = (await response.text()).slice(0, 500)
    count(response.status)
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true
    if (response.status < 400 || (response.status < 500 && isProblem)) return undefined
    return { status: response.status, request, answer }
  } catch (error) {
    return {
      status: 'no answer',
      request,
      answer: reasonsOf(error),
    }
  }
}

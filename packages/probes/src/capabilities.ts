import { networkInterfaces } from 'node:os'
import { checkKinds } from '@sonde/core'
import { messageOf } from './failure.ts'
import { runPing } from './icmp/ping.ts'

const patienceMs = 2000

/**
 * What this process can do: every kind of check that it can run (`icmp` is missing where ping is, or may not ping), and `ipv6`
 * where the machine has an IPv6 address that leads out. Sorted; takes a few ms, and 2 s at most.
 */
export async function capabilities(pingProgram = 'ping'): Promise<string[]> {
  const kinds = Object.keys(checkKinds).filter((kind) => kind !== 'icmp')
  const icmp = (await pingProblem(pingProgram)) === undefined ? ['icmp'] : []
  return [...kinds, ...icmp, ...(hasIPv6() ? ['ipv6'] : [])].sort()
}

/** Why this process cannot ping, or undefined when it can: found by asking this machine itself for an echo. */
export async function pingProblem(program = 'ping'): Promise<string | undefined> {
  const deadlineMs = performance.now() + patienceMs
  const signal = AbortSignal.timeout(patienceMs)
  try {
    const run = await runPing({ address: '127.0.0.1', family: 4 }, 1, { signal, deadlineMs }, program)
    // No reply is an answer as well: the packet could be sent.
    return run.report === undefined ? `ping: ${run.complaint}` : undefined
  } catch (error) {
    return messageOf(error)
  }
}

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    (addresses ?? []).some(
      ({ family, internal, address }) => family === 'IPv6' && !internal && !/^fe[89ab]/i.test(address),
    ),
  )
}

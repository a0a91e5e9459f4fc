import { spawn } from 'node:child_process'
import { isIP } from 'node:net'
import type { TraceEvidence } from '@sonde/core'

const patienceMs = 12_000
const maxOutput = 16 * 1024
const maxHops = 20
// A place from which no user of this machine can slip us another program, and no secret of our environment goes along.
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

const programs = {
  tracepath: (address: string, family: number) => [`-${family}`, '-n', '-m', String(maxHops), address],
  traceroute: (address: string, family: number) => [
    `-${family}`,
    '-n',
    '-q',
    '1',
    '-w',
    '1',
    '-m',
    String(maxHops),
    address,
  ],
} as const

/**
 * The way to an address by the system's `tracepath`, or `traceroute`: fixed arguments, no shell, 12 s at most; what came by then
 * counts. Null where neither is installed or may run, or the text is no address.
 */
export async function traceTo(address: string, signal: AbortSignal): Promise<TraceEvidence | null> {
  const family = isIP(address)
  if (family === 0) return null
  for (const [program, argsFor] of Object.entries(programs)) {
    const output = await outputOf(program, argsFor(address, family), signal)
    if (output !== undefined) return readTrace(address, output)
  }
  return null
}

/** Hops, as both programs print them: a number, an address or `*` (or `no reply`), and times. */
export function readTrace(address: string, output: string): TraceEvidence {
  const rows = [...output.matchAll(/^\s*(\d{1,2})\??:?\s+(.{1,180})$/gm)]
  // tracepath repeats a hop for each of its packets, and says last what it knows.
  const byNumber = new Map(
    rows.map(([, number = '', rest = '']) => [Number(number), rest.replaceAll(/\s+/g, ' ').trim()]),
  )
  const hops = [...byNumber].map(([number, rest]) => `${number} ${rest}`)
  const reached = /\breached\b/.test(output) || (hops.at(-1)?.split(' ')[1] ?? '') === address
  return { address, reached, hops: hops.slice(0, 40) }
}

function outputOf(program: string, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const stop = () => child.kill('SIGKILL')
  const timer = setTimeout(stop, patienceMs)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  let output = ''
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    output += text
    if (output.length > maxOutput) stop()
  })
  const end = (answer: string | undefined) => {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    resolve(answer)
  }
  child.on('error', () => end(undefined))
  child.on('close', () => end(output === '' ? undefined : output.slice(0, maxOutput)))
  return promise
}

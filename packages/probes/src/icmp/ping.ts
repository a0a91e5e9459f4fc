import { spawn } from 'node:child_process'
import { DeadlineExceeded, messageOf, onAbort } from '../failure.ts'
import type { ProbeContext } from '../kind.ts'
import type { Address } from '../net/resolve.ts'
import { type PingReport, parsePing } from './ping-output.ts'

export type PingRun = {
  /** What it found; undefined when it could not begin, and `complaint` then says why. */
  report: PingReport | undefined
  /** What it said on stderr, on one line. */
  complaint: string
  /** From the start of the program until its first packet was on its way, in ms; null when no reply came to tell. */
  setupMs: number | null
}

// Fractions of a second between packets as root and others may have them since iputils 2016; 200 ms is the least for all.
const gentleIntervalMs = 200
const leastIntervalMs = 10
// Twenty replies are 2 KiB. What says more is not the program that we mean.
const maxOutput = 64 * 1024
// What ping needs to print its summary once it is told to stop.
const killAfterMs = 40
// A place from which no user of this machine can slip us another program, and no secret of our environment goes along.
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

/**
 * Sends `count` echo requests (RFC 792, RFC 4443) to an address by the system's `ping`, 200 ms apart or closer where the
 * deadline asks for it. At the deadline it is told to stop and what came by then counts.
 *
 * It gives up on the last replies as ping does: twice the slowest round trip after the last request, and 200 ms at least, or at
 * the deadline when no reply has come at all.
 *
 * Rejects when the program is missing or may not be run ("ping: …"), and with the signal's reason when the caller gave up.
 */
export async function runPing(
  { address, family }: Address,
  count: number,
  { signal, deadlineMs }: Pick<ProbeContext, 'signal' | 'deadlineMs'>,
  program = 'ping',
): Promise<PingRun> {
  const startMs = performance.now()
  const leftMs = Math.max(0, deadlineMs - startMs)
  const intervalMs = Math.max(leastIntervalMs, Math.min(gentleIntervalMs, (leftMs * 0.7) / count))
  const lingerMs = Math.max(10, leftMs - intervalMs * (count - 1))
  const args = ['-n', `-${family}`, '-c', String(count), '-i', seconds(intervalMs), '-W', seconds(lingerMs)]
  const output = { stdout: '', stderr: '' }
  let firstReplyMs: number | undefined
  const { child, ended } = start(program, [...args, '--', address])
  for (const name of ['stdout', 'stderr'] as const) {
    // Out of descriptors, a child comes without its pipes.
    child[name]?.setEncoding('latin1').on('data', (text: string) => {
      // Into a pipe ping writes its first line together with the first reply.
      if (name === 'stdout') firstReplyMs ??= performance.now() - startMs
      output[name] += text
      if (output[name].length > maxOutput) child.kill('SIGKILL')
    })
  }
  let killing: NodeJS.Timeout | undefined
  using _ = onAbort(signal, () => {
    child.kill(signal.reason instanceof DeadlineExceeded ? 'SIGINT' : 'SIGKILL')
    killing = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  })
  try {
    await ended
  } catch (error) {
    throw new Error(`ping: ${messageOf(error)}`, { cause: error })
  } finally {
    clearTimeout(killing)
  }
  if (signal.aborted && !(signal.reason instanceof DeadlineExceeded)) throw signal.reason
  const report = output.stdout.length > maxOutput ? undefined : parsePing(output.stdout)
  const firstRttMs = report?.firstRttMs ?? null
  return {
    report,
    complaint: messageOf(output.stderr.replace(/^ping: /gm, '')),
    setupMs: firstRttMs === null || firstReplyMs === undefined ? null : Math.max(0, firstReplyMs - firstRttMs),
  }
}

/** The program as a child, with what tells its end; some reasons not to start are thrown by spawn, others come as an event. */
function start(program: string, args: readonly string[]) {
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  try {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.once('error', reject)
    child.once('close', () => resolve())
    return { child, ended }
  } catch (error) {
    throw new Error(`ping: ${messageOf(error)}`, { cause: error })
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

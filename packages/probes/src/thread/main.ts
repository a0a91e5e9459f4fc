import { parentPort, workerData } from 'node:worker_threads'
import type { Check } from '@sonde/core'
import { delayMonitor } from '../delay-monitor.ts'
import { egressPolicy } from '../net/egress.ts'
import { probe } from '../probe.ts'
import { warmUp } from '../warm-up.ts'
import { type Answer, forgetOldest, type Order, ready, type ThreadData } from './message.ts'

// The thread that `HandshakeThread` starts: it runs what it is ordered, and answers each order once.

const egress = egressPolicy(workerData as ThreadData)
const checks = new Map<number, Check>()

async function run({ id, ref, check: sent, region, slotMs, offsetMs }: Order): Promise<Answer> {
  if (sent !== undefined) {
    checks.set(ref, sent)
    forgetOldest(checks)
  }
  try {
    const check = sent ?? checks.get(ref)
    if (check === undefined) throw new Error(`no check ${ref} in the thread for handshakes`)
    const result = await probe(check, { region, slot: new Date(slotMs), egress, now: () => Date.now() + offsetMs })
    return { id, result, delayMs: delayMonitor.takeLongestMs() }
  } catch (error) {
    return { id, error, delayMs: delayMonitor.takeLongestMs() }
  }
}

warmUp()
parentPort?.on('message', (order: Order) => {
  void run(order).then((answer) => parentPort?.postMessage(answer))
})
parentPort?.postMessage(ready)

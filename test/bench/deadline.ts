import { fork } from 'node:child_process'
import { Check } from '@sonde/core'
import { egressPolicy, probe, warmUp } from '@sonde/probes'
import { end, messageFrom } from './process.ts'
import { table } from './statistics.ts'

type Target = { kind: string; name: string; port: number }

const timeoutMs = 500
const egress = egressPolicy({ deny: [], allow: [] })

/** How long after its deadline a probe was over, at worst, against each hostile server alone and against all at once. */
export async function deadlineTable(rounds: number): Promise<string> {
  const server = fork(new URL('hostile-server.ts', import.meta.url))
  try {
    const targets = (await messageFrom(server)) as Target[]
    warmUp()
    // The first of each compiles what the others run.
    for (const target of targets) await lateMs(target)
    const kinds = [...new Set(targets.map(({ kind }) => kind))]
    const rows: string[][] = []
    for (const kind of kinds) {
      const own = targets.filter((target) => target.kind === kind)
      const alone: { name: string; late: number }[] = []
      for (let round = 0; round < rounds; round++) {
        for (const target of own) alone.push({ name: target.name, late: await lateMs(target) })
      }
      const worst = alone.reduce((most, one) => (one.late > most.late ? one : most))
      const together = await Promise.all(
        Array.from({ length: 5 }, () => own)
          .flat()
          .map(lateMs),
      )
      rows.push([kind, String(own.length), worst.late.toFixed(1), worst.name, Math.max(...together).toFixed(1)])
    }
    return table(['', 'servers', 'one by one', 'which', 'five of each at once'], rows)
  } finally {
    await end(server)
  }
}

/** Negative, or 0, for what was over before its deadline. */
async function lateMs({ kind, port }: Target): Promise<number> {
  const blocks: Record<string, object> = {
    http: { kind, target: `http://127.0.0.1:${port}/` },
    tls: { kind, target: `127.0.0.1:${port}` },
    dns: { kind, target: 'www.bench.example', dns: { servers: [`tcp://127.0.0.1:${port}`] } },
  }
  const check = Check.parse({ key: 'bench', timeout: `${timeoutMs}ms`, interval: '30s', ...blocks[kind] })
  const startMs = performance.now()
  await probe(check, { region: 'bench', slot: new Date(), egress })
  return performance.now() - startMs - timeoutMs
}

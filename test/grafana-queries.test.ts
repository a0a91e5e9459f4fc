import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@sonde/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { queries } from '../grafana/src/queries.ts'
import { checkSeriesText } from '../packages/metrics/src/index.ts'
import { refusedResult, seriesOf, upResult } from '../packages/metrics/src/samples.fixture.ts'

const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0
const reason = hasPrometheus ? '' : ' (prometheus is not installed: apt-get install prometheus)'

type Answer = { metric: Record<string, string>; value: [number, string] }[]

/** A Prometheus that has scraped a Sonde with one check, up in one region and newly down in the other. */
describe.skipIf(!hasPrometheus)(`the queries of the overview, asked of a real Prometheus${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sonde-prometheus-'))
  let prometheus: ChildProcess
  let ask: (query: string) => Promise<Answer>
  let scrapes = 0

  const metrics = createServer((_, response) => {
    scrapes += 1
    const totals = scrapes > 2 ? { up: 5, 'down:tcp_refused': scrapes } : { up: 5 }
    const down = { region: 'us', verdict: 'down', totals } as const
    const up = { totals: { up: scrapes }, histogram: { count: scrapes, sumSeconds: scrapes, buckets: [0, scrapes] } }
    response.end(checkSeriesText([seriesOf(upResult, up), seriesOf(refusedResult, down)]))
  })

  beforeAll(async () => {
    metrics.listen(0, '127.0.0.1')
    await once(metrics, 'listening')
    const target = `127.0.0.1:${(metrics.address() as AddressInfo).port}`
    const config = {
      scrape_configs: [
        { job_name: 'sonde', honor_labels: true, scrape_interval: '500ms', static_configs: [{ targets: [target] }] },
      ],
    }
    writeFileSync(join(folder, 'prometheus.json'), JSON.stringify(config))
    const address = `127.0.0.1:${await freePort()}`
    const options = { 'config.file': 'prometheus.json', 'storage.tsdb.path': 'data', 'web.listen-address': address }
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
    prometheus = spawn('prometheus', args, { cwd: folder, stdio: 'ignore' })
    ask = async (query) => {
      const response = await fetch(`http://${address}/api/v1/query?query=${encodeURIComponent(query)}`)
      const answer = (await response.json()) as { status: string; error?: string; data: { result: Answer } }
      expect(answer.error).toBeUndefined()
      return answer.data.result
    }
    const deadline = Date.now() + 30_000
    while (scrapes < 6 && Date.now() < deadline) await sleep(100)
    // The last scrape must have been stored, not only asked for.
    await sleep(500)
  })

  afterAll(async () => {
    if (prometheus?.exitCode === null) {
      prometheus.kill()
      await once(prometheus, 'exit')
    }
    metrics.close()
    rmSync(folder, { recursive: true })
  })

  test.each(Object.entries(queries))('%s has an answer', async (_, query) => {
    expect(await ask(filledIn(query))).not.toEqual([])
  })

  test('one check down in one region counts once', async () => {
    expect((await ask(filledIn(queries.checks)))[0]?.value[1]).toBe('1')
  })

  test('the last error is the one whose counter moved', async () => {
    const [only, ...others] = await ask(filledIn(queries.lastError))
    expect(only?.metric).toMatchObject({ probe: 'us', error: 'tcp_refused' })
    expect(others).toEqual([])
  })

  test('the last probe of a region is told in words', async () => {
    const rows = await ask(filledIn(queries.lastProbe))
    const words = Object.fromEntries(rows.map(({ metric }) => [metric['probe'], metric['last']]))
    expect(words).toEqual({ 'eu-west': 'up', us: 'down' })
  })
})

/** The query with the values that Grafana would put in place of its variables when everything is selected. */
function filledIn(query: string): string {
  return query.replaceAll(/\$(check|region|kind)/g, '.*').replaceAll(/\$(window|__range)/g, '10m')
}

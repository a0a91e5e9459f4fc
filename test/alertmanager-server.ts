import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@sonde/testkit'
import { startProgram } from '@sonde/testkit/targets'

export type GettableAlert = {
  labels: Record<string, string>
  annotations: Record<string, string>
  startsAt: string
  endsAt: string
  status: { state: 'active' | 'suppressed' | 'unprocessed' }
}

export type AlertmanagerServer = { url: string; port: number; alerts(): Promise<GettableAlert[]> } & AsyncDisposable

export const hasAlertmanager = spawnSync('prometheus-alertmanager', ['--version']).error === undefined

/** A real Alertmanager that takes an alert without an end for over after a second, and posts what it is told to `webhook`. */
export async function startAlertmanager(
  options: { webhook?: string; port?: number } = {},
): Promise<AlertmanagerServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sonde-alertmanager-'))
  const receiver =
    options.webhook === undefined ? {} : { webhook_configs: [{ url: options.webhook, send_resolved: true }] }
  // JSON is YAML.
  const configuration = {
    global: { resolve_timeout: '1s' },
    route: { receiver: 'all', group_wait: '100ms', group_interval: '200ms', group_by: ['...'] },
    receivers: [{ name: 'all', ...receiver }],
  }
  await writeFile(join(folder, 'alertmanager.yml'), JSON.stringify(configuration))
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const args = [
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  const running = await startProgram('prometheus-alertmanager', args, isReady)
  return {
    url,
    port,
    alerts: async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as GettableAlert[],
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

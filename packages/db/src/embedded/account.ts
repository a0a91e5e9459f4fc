import { EmbeddedPostgresError, errnoOf } from './error.ts'
import { type Account, run } from './run.ts'

/** The folder for what an unprivileged user needs when we run as root; outside any home. */
export const systemHome = '/var/lib/sonde'

/**
 * The user PostgreSQL runs under: ourselves, or, as PostgreSQL refuses to run as root, the system user `sonde`, made
 * when it is missing, or `nobody` where users cannot be made.
 */
export async function unprivilegedAccount(log: (line: string) => void): Promise<Account> {
  if (process.getuid?.() !== 0) return null
  const existing = await lookUp('sonde')
  if (existing !== null) return existing
  const reason = await addSystemUser('sonde')
  const made = reason === null ? await lookUp('sonde') : null
  if (made !== null) return made
  const nobody = await lookUp('nobody')
  if (nobody === null)
    throw new EmbeddedPostgresError(
      'PostgreSQL cannot run as root, and there is no user sonde or nobody: set DATABASE_URL',
    )
  log(`PostgreSQL runs as nobody: the user sonde could not be made (${reason})`)
  return nobody
}

/** Whether the account may enter a folder; asked of the system, which knows of access lists and mounts too. */
export async function canEnter(account: Account, folder: string): Promise<boolean> {
  try {
    const { code } = await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { as: account })
    return code === 0
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') throw error
    throw new EmbeddedPostgresError(
      `PostgreSQL cannot run as root, and this root may not become the user ${account?.name}: start Sonde as an ordinary user, or set DATABASE_URL`,
    )
  }
}

async function lookUp(name: string): Promise<Account> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name])))
  if (uid?.code !== 0 || gid?.code !== 0) return null
  return { name, uid: Number(uid.output), gid: Number(gid.output) }
}

async function addSystemUser(name: string): Promise<string | null> {
  const args = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    systemHome,
    '--shell',
    '/usr/sbin/nologin',
    name,
  ]
  try {
    const { code, output } = await run('useradd', args)
    return code === 0 ? null : (output.trim().split('\n')[0] ?? `useradd ended with ${code}`)
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'no useradd here' : String(error)
  }
}

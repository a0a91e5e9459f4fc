import { readFileSync, writeFileSync } from 'node:fs'

// npm leaves out of package-lock.json what its registry does not offer at that moment, say the packages for other platforms
// on a mirror that has only its own; then `npm ci` refuses the lock. `node scripts/lock.ts` names them again.

type Entry = { version?: string; dev?: boolean; resolved?: string; optionalDependencies?: Record<string, string> }
type Lock = { packages: Record<string, Entry> }

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const processors = ['arm64', 'x64', 'arm', 'ppc64', 'riscv64', 's390x', 'ia32']

/** The optional packages that the lock asks for and has no entry of: name, exact version, and who asks. */
export function missingOptional(lock: Lock): { name: string; version: string; of: Entry }[] {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(
        ([name]) => !(`${path}/node_modules/${name}` in lock.packages) && !(`node_modules/${name}` in lock.packages),
      )
      .map(([name, version]) => ({ name, version, of: entry })),
  )
}

export function readLock(): Lock {
  return JSON.parse(readFileSync(`${import.meta.dirname}/../package-lock.json`, 'utf8'))
}

/** The entry npm writes for a package of another platform, read from its name. */
function entryFor({ name, version, of }: ReturnType<typeof missingOptional>[number]) {
  const words = name.split(/[/-]/)
  const os = systems.find((one) => words.includes(one))
  const cpu = processors.find((one) => words.includes(one))
  if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(
      `${name}@${version} is not a package of one platform in one version: run npm install --package-lock-only`,
    )
  }
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : null
  return {
    version,
    cpu: [cpu],
    ...(of.dev ? { dev: true } : {}),
    ...(libc ? { libc: [libc] } : {}),
    optional: true,
    os: [os],
  }
}

if (import.meta.main) {
  const lock = readLock()
  const added = missingOptional(lock).map((one) => [`node_modules/${one.name}`, entryFor(one)] as const)
  const packages = [...Object.entries(lock.packages), ...added].sort(([a], [b]) => a.localeCompare(b, 'en'))
  const text = JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)
  writeFileSync(`${import.meta.dirname}/../package-lock.json`, `${text}\n`)
  console.log(`package-lock.json: ${added.length} entries added`)
}

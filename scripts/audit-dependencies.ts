import { spawn } from 'node:child_process'

// What is known of the dependencies by those who keep the lists: `npm audit` of what runs in production, high and critical. A machine
// without a way to the registry, or with one that has no such lists, cannot know: that is said, and is a failure with `--required` alone,
// for whoever releases.
const patienceMs = 60_000

export type AuditVerdict = {
  /** Undefined where it could not be audited. */
  ok: boolean | undefined
  line: string
}

/** Reads what `npm audit --json` printed. */
export function auditVerdict(output: string): AuditVerdict {
  const report = parsed(output)
  const counts = report?.metadata?.vulnerabilities
  if (counts === undefined) {
    const said = (report?.message ?? report?.error?.summary ?? '').split(' - ')[0] || 'no answer'
    const why = report?.statusCode === undefined ? 'did not answer' : 'does not tell'
    return { ok: undefined, line: `dependencies: not audited, as the registry ${why}: ${said}` }
  }
  const { high = 0, critical = 0 } = counts
  if (high + critical === 0) return { ok: true, line: 'dependencies: none with a known fault, high or critical' }
  const names = Object.entries(report?.vulnerabilities ?? {})
    .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
    .map(([name, { severity }]) => `${name} (${severity})`)
  return { ok: false, line: `dependencies: ${high + critical} with a known fault: ${names.join(', ')}` }
}

type Report = {
  message?: string
  /** Of the registry's answer, where it gave one and refused. */
  statusCode?: number
  error?: { summary?: string }
  metadata?: { vulnerabilities?: Record<string, number> }
  vulnerabilities?: Record<string, { severity: string }>
}

function parsed(output: string): Report | undefined {
  try {
    return JSON.parse(output) as Report
  } catch {
    return undefined
  }
}

async function npmAudit(): Promise<string> {
  const child = spawn('npm', ['audit', '--omit=dev', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    signal: AbortSignal.timeout(patienceMs),
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  })
  return output
}

if (import.meta.main) {
  process.chdir(`${import.meta.dirname}/..`)
  const { ok, line } = auditVerdict(await npmAudit())
  console.log(line)
  process.exitCode = (ok ?? !process.argv.includes('--required')) ? 0 : 1
}

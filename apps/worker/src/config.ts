import { loadSettings, variables } from '@sonde/config'
import type { QueueLocation } from '@sonde/queue'

export type WorkerConfig = {
  region: string
  queue: QueueLocation
  egress: { deny: string[]; allow: string[] }
  /** Opens the secrets in checks; a check that has some cannot be probed without it. */
  secretKey: string | undefined
  /** Probes that may run at once, most of them waiting for their targets: it bounds sockets and memory. */
  concurrency: number
  /** Of these, the most that may be at work, and not waiting, at once; fewer while the event loop is held up. */
  admittedAtMost: number
  /** What is looked at when a check goes down: which resolvers are asked, and whether the way is traced. */
  evidence?: { resolvers: string[]; trace: boolean } | undefined
}

/** `region` from the command line goes before SONDE_REGION. On Redis a worker needs no database. */
export function workerConfig(env: NodeJS.ProcessEnv, region?: string): WorkerConfig {
  const { REDIS_URL } = loadSettings({ REDIS_URL: variables.REDIS_URL }, env)
  const queue: QueueLocation =
    REDIS_URL === undefined
      ? { kind: 'postgres', url: loadSettings({ DATABASE_URL: variables.DATABASE_URL }, env).DATABASE_URL }
      : { kind: 'redis', url: REDIS_URL }
  const settings = loadSettings(
    {
      SONDE_REGION: variables.SONDE_REGION,
      SONDE_EGRESS_DENY: variables.SONDE_EGRESS_DENY,
      SONDE_EGRESS_ALLOW: variables.SONDE_EGRESS_ALLOW,
      SONDE_SECRET_KEY: variables.SONDE_SECRET_KEY.unwrap(),
      SONDE_EVIDENCE_RESOLVERS: variables.SONDE_EVIDENCE_RESOLVERS,
      SONDE_EVIDENCE_TRACEROUTE: variables.SONDE_EVIDENCE_TRACEROUTE,
    },
    region === undefined ? env : { ...env, SONDE_REGION: region },
  )
  return {
    region: settings.SONDE_REGION,
    queue,
    egress: { deny: settings.SONDE_EGRESS_DENY, allow: settings.SONDE_EGRESS_ALLOW },
    secretKey: settings.SONDE_SECRET_KEY,
    concurrency: 4000,
    admittedAtMost: 1000,
    evidence: {
      resolvers: settings.SONDE_EVIDENCE_RESOLVERS,
      trace: settings.SONDE_EVIDENCE_TRACEROUTE === 'on',
    },
  }
}

import { AlertPolicy } from './alert-policy.ts'
import { Assertion, assertionProblems } from './assertion-schema.ts'
import { duration, parseDuration } from './duration.ts'
import { checkKinds } from './kinds/registry.ts'
import { z } from './messages.ts'

// Labels that our metrics carry themselves; a check's own label under one of these names would overwrite them.
const reservedLabels = new Set(
  (
    'job instance probe kind phase version cipher outcome error rule reason le quantile check_name region frequency geohash ' +
    'fingerprint_sha256 subject issuer subjectalternative serialnumber alertname severity'
  ).split(' '),
)

export const CheckKey = z.string().regex(/^[a-z0-9-]{1,64}$/, {
  error: (issue) => `expected 1 to 64 of a-z, 0-9 and -, found "${String(issue.input)}"`,
})

export const RegionName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, {
  error: (issue) => `expected 1 to 32 of a-z, 0-9 and -, found "${String(issue.input)}"`,
})

const LabelName = z
  .string()
  .max(64)
  .superRefine((name, ctx) => {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || name.startsWith('__')) {
      ctx.addIssue({ code: 'custom', message: `expected a Prometheus label name, found "${name}"` })
    } else if (reservedLabels.has(name)) {
      ctx.addIssue({ code: 'custom', message: `"${name}" is a label of Sonde's own metrics; choose another name` })
    }
  })

const common = {
  key: CheckKey,
  name: z.string().min(1).max(200).optional(),
  interval: duration('1s', '24h').default('30s'),
  timeout: duration('10ms', '10m').default('5s'),
  regions: z
    .array(z.union([z.literal('*'), RegionName]))
    .min(1)
    .max(64)
    .default(['*']),
  enabled: z.boolean().default(true),
  labels: z
    .record(LabelName, z.string().max(200))
    .refine((labels) => Object.keys(labels).length <= 16, 'expected at most 16 labels')
    .default({}),
  retries: z.int().min(0).max(5).default(0),
  assertions: z.array(Assertion).max(32).default([]),
  alerts: AlertPolicy.prefault({}),
  /** Checks whose being down explains this one's: meanwhile it opens no incident of its own. */
  dependsOn: z.array(CheckKey).max(16).default([]),
}

type Common = {
  key: string
  interval: string
  timeout: string
  kind: string
  dependsOn: string[]
  assertions: z.output<typeof Assertion>[]
}

function crossFieldRules(check: Common, ctx: z.RefinementCtx): void {
  // Either may be no duration at all: that has been told by then.
  if ((parseDuration(check.timeout) ?? 0) >= (parseDuration(check.interval) ?? Number.POSITIVE_INFINITY)) {
    ctx.addIssue({
      code: 'custom',
      path: ['timeout'],
      message: `expected less than interval (${check.interval}), found ${check.timeout}`,
    })
  }
  const self = check.dependsOn.indexOf(check.key)
  if (self !== -1) {
    ctx.addIssue({ code: 'custom', path: ['dependsOn', self], message: 'expected other checks, found this one itself' })
  }
  for (const { path, message } of assertionProblems(check.kind, check.assertions)) {
    ctx.addIssue({ code: 'custom', path: ['assertions', ...path], message })
  }
}

/** The check document of the contract. Unknown fields are refused; what is left out gets its default. */
export const Check = z
  .discriminatedUnion('kind', [
    z.strictObject({
      ...common,
      kind: z.literal('http'),
      target: checkKinds.http.target,
      http: checkKinds.http.settings.prefault({}),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('tls'),
      target: checkKinds.tls.target,
      tls: checkKinds.tls.settings.prefault({}),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('dns'),
      target: checkKinds.dns.target,
      dns: checkKinds.dns.settings.prefault({}),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('tcp'),
      target: checkKinds.tcp.target,
      tcp: checkKinds.tcp.settings.prefault({}),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('icmp'),
      target: checkKinds.icmp.target,
      icmp: checkKinds.icmp.settings.prefault({}),
    }),
  ])
  .superRefine(crossFieldRules)
export type Check = z.output<typeof Check>
export type CheckInput = z.input<typeof Check>
export type HttpCheck = Extract<Check, { kind: 'http' }>
export type TlsCheck = Extract<Check, { kind: 'tls' }>
export type DnsCheck = Extract<Check, { kind: 'dns' }>
export type TcpCheck = Extract<Check, { kind: 'tcp' }>
export type IcmpCheck = Extract<Check, { kind: 'icmp' }>

/** The regions a check runs in, of those that exist. */
export function regionsOf(check: { regions: readonly string[] }, known: readonly string[]): string[] {
  return check.regions.includes('*') ? [...known] : known.filter((region) => check.regions.includes(region))
}

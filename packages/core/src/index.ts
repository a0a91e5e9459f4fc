export * from './alert-policy.ts'
export * from './assertion.ts'
export * from './assertion-schema.ts'
export * from './chain.ts'
export * from './channel.ts'
export * from './check.ts'
export * from './config-file.ts'
export * from './duration.ts'
export * from './failure.ts'
export * from './fold.ts'
export * from './histogram.ts'
export * from './history.ts'
export * from './host.ts'
export * from './kinds/dns.ts'
export { parseHttpUrl } from './kinds/http.ts'
export * from './kinds/registry.ts'
export {
  certificateBlocks,
  certificatesProblem,
  HostPort,
  type StarttlsProtocol,
  starttlsProtocols,
  TlsSettings,
  tlsVersions,
} from './kinds/tls.ts'
export { shown } from './messages.ts'
export * from './missed.ts'
export { isFound } from './pattern.ts'
export * from './plan.ts'
export * from './probe.ts'
export * from './problem.ts'
export * from './redis-url.ts'
export * from './region.ts'
export * from './result.ts'
export * from './rollup.ts'
export { decodeLatency, encodeLatency } from './rollup-codec.ts'
export * from './rollup-open.ts'
export * from './secret-fields.ts'
export * from './series.ts'
export * from './slo.ts'
export * from './slot.ts'
export * from './verdict.ts'
export { BudgetSpent, WorkBudget } from './work-budget.ts'

export * from './alert-policy.ts'
export * from './assertion.ts'
export * from './assertion-schema.ts'
export * from './audit-chain.ts'
export * from './chain.ts'
export * from './channel.ts'
export * from './check.ts'
export * from './compiled-cache.ts'
export { descriptionOf } from './config/descriptions.ts'
export * from './config/export.ts'
export { type FieldRow, fieldRows } from './config/fields.ts'
export type { Issue } from './config/issues.ts'
export { configJsonSchema } from './config/json-schema.ts'
export { differences, type LeafChange, leafChanges } from './config/leaf-changes.ts'
export * from './config/placeholders.ts'
export * from './config/plan.ts'
export * from './config/reach.ts'
export * from './config/read.ts'
export * from './config/references.ts'
export * from './config/sections.ts'
export { expandChecks } from './config/templates.ts'
export { withoutDefaults } from './config/without-defaults.ts'
export * from './duration.ts'
export * from './evidence.ts'
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
export type { LatencyFigures } from './latency-merger.ts'
export * from './maintenance.ts'
export * from './maintenance-plan.ts'
export { isMapping, type Mapping } from './mapping.ts'
export * from './merge-patch.ts'
export { shown } from './messages.ts'
export * from './missed.ts'
export * from './notification.ts'
export { isFound } from './pattern.ts'
export * from './probe.ts'
export * from './problem.ts'
export * from './redis-url.ts'
export * from './region.ts'
export * from './result.ts'
export * from './rollup.ts'
export { decodeLatency, decodeRollup, type EncodedRollup, encodeLatency } from './rollup-codec.ts'
export * from './rollup-open.ts'
export {
  type CertChangeFacts,
  judgeCertChange,
  type LeafCertificate,
} from './rules/cert-change.ts'
export {
  type CertExpiryFacts,
  type CertificateWitness,
  isTold,
  judgeCertExpiry,
  type RuledCertificate,
} from './rules/cert-expiry.ts'
export * from './rules/channel-dead.ts'
export * from './rules/decision.ts'
export type { Parent } from './rules/down.ts'
export { flapWindowMs } from './rules/flapping.ts'
export { judgeLatency, type LatencyFacts, type RegionLatency } from './rules/latency.ts'
export type { RuleMemory } from './rules/memory.ts'
export { type Run, runOf, seenElsewhere } from './rules/region-run.ts'
export { judgeRegionSilent, type RegionSilentFacts } from './rules/region-silent.ts'
export { judgeRegionSuspect, type RegionSuspectFacts } from './rules/region-suspect.ts'
export { handful, type RegionWitness, weighRegion } from './rules/region-weight.ts'
export * from './rules/registry.ts'
export type { Turn } from './rules/turn.ts'
export * from './rules/vote.ts'
export * from './secret-fields.ts'
export * from './series.ts'
export * from './silence.ts'
export * from './slo.ts'
export * from './slot.ts'
export * from './telling.ts'
export { renderTemplate, type TemplateView, templateProblem } from './template.ts'
export * from './token.ts'
export * from './verdict.ts'
export { BudgetSpent, WorkBudget } from './work-budget.ts'

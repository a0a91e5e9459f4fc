export { capabilities, pingProblem } from './capabilities.ts'
export { delayMonitor, maxDelayMs } from './delay-monitor.ts'
export { type EvidenceOptions, takeEvidence } from './evidence/take-evidence.ts'
export {
  deniedByDefault,
  EgressNetworkError,
  type EgressPolicy,
  egressPolicy,
} from './net/egress.ts'
export { type HostLookup, hostLookup } from './net/host-lookup.ts'
export { onceFor } from './once-for.ts'
export { type ProbeOptions, probe } from './probe.ts'
export { Prober, type ProberOptions } from './prober.ts'
export { probeKinds } from './registry.ts'
export { CaFileError } from './tls/ca-file.ts'
export { version } from './version.ts'
export { warmUp } from './warm-up.ts'

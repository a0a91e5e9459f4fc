import { alertingExamples } from './alerting.ts'
import { checkExamples } from './checks.ts'
import { configurationExamples } from './configuration.ts'
import { fleetExamples } from './fleet.ts'
import type { OperationExamples } from './operation.ts'
import { resultExamples } from './results.ts'

/** By operationId; a test holds every operation to have its own, and each to keep to its schema. */
export const examples: Readonly<Record<string, OperationExamples>> = {
  ...checkExamples,
  ...resultExamples,
  ...alertingExamples,
  ...configurationExamples,
  ...fleetExamples,
}

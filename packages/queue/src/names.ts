import { Batch, WorkerMessage } from './payload.ts'

/**
 * Where the batches of a region wait: the only queue its workers take from. The newest goes first: a worker that comes late to a
 * backlog is at the slots of now with its first job, and what is left of the old ones when their time is over is shed.
 */
export const probesQueue = (region: string) => ({ name: `probes.${region}`, schema: Batch, first: 'newest' as const })

/** Where every worker hands over what it found. */
export const resultsQueue = { name: 'results', schema: WorkerMessage }

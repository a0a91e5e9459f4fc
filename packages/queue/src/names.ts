import { Batch, WorkerMessage } from './payload.ts'

/** Where the batches of a region wait: the only queue its workers take from. */
export const probesQueue = (region: string) => ({ name: `probes.${region}`, schema: Batch })

/** Where every worker hands over what it found. */
export const resultsQueue = { name: 'results', schema: WorkerMessage }

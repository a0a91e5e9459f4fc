import { Evidence, RegionName, Result } from '@sonde/core'
import { z } from 'zod'
import { SentCheck } from './sent-check.ts'

/** One probe of a batch: which row of `checks` it is for, what to do, and when. */
export const BatchProbe = z.object({ checkId: z.int(), slotMs: z.int(), check: SentCheck })
export type BatchProbe = z.output<typeof BatchProbe>

/** A batch: up to 64 probes of one region that fall in one tick. `runId` marks a `run now`, whose results are answers, not history. */
export const Batch = z.object({
  region: RegionName,
  runId: z.uuid().optional(),
  /** The run looks closer at a check that has gone down: `runId` is its incident's, and the answer is evidence. */
  evidence: z.boolean().optional(),
  probes: z.array(BatchProbe).min(1).max(64),
})
export type Batch = z.output<typeof Batch>
/** As it is sent. */
export type BatchInput = z.input<typeof Batch>

/** What workers say: results in small chunks, and every few seconds that they are alive. */
export const WorkerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('results'),
    runId: z.uuid().optional(),
    items: z
      .array(z.object({ checkId: z.int(), result: Result }))
      .min(1)
      .max(256),
  }),
  z.object({ type: z.literal('evidence'), incidentId: z.uuid(), evidence: Evidence }),
  z.object({
    type: z.literal('heartbeat'),
    worker: z.object({
      id: z.string().min(1).max(128),
      region: RegionName,
      version: z.string().max(32),
      startedAt: z.iso.datetime(),
      /** The kinds of checks that it can run, and `ipv6` where it has that; a worker of an older version says nothing. */
      capabilities: z.array(z.string().max(32)).max(64).default([]),
      /** Probes that run, probes that are due and must wait, and how many it lets begin at once now. */
      load: z
        .object({ running: z.int().min(0), waiting: z.int().min(0), limit: z.int().min(0) })
        .nullable()
        .default(null),
      /** How far its own clock is ahead of the queue server's. */
      clockOffsetMs: z.number().nullable().default(null),
    }),
  }),
])
export type WorkerMessage = z.output<typeof WorkerMessage>

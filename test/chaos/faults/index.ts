import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../fault.ts'
import { clockFaults } from './clocks.ts'
import { databaseFaults } from './database.ts'
import { editFaults } from './edits.ts'
import { networkFaults } from './network.ts'
import { processFaults } from './processes.ts'
import { redisFaults } from './redis.ts'

/** Every way to lose a part, one after another. */
export const faults: Fault[] = [
  { name: 'nothing breaks for 10 s', missesNothing: true, run: () => sleep(10_000) },
  ...processFaults,
  ...redisFaults,
  ...databaseFaults,
  ...networkFaults,
  ...clockFaults,
  ...editFaults,
]

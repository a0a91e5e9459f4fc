import { setTimeout as sleep } from 'node:timers/promises'
import type { Edit } from '../edits.ts'
import type { Fault } from '../fault.ts'
import type { Stack } from '../stack.ts'

const usual: Omit<Edit, 'key'> = { interval: '3s', regions: ['*'], enabled: true }

// Each of these on four checks; the account finds out from the rows alone from when on they were followed.
const changes: Partial<Edit>[] = [{ interval: '1700ms' }, { interval: '5s' }, { regions: ['eu'] }, { enabled: false }]

const edited = (own: (index: number) => Partial<Edit>): Edit[] =>
  Array.from({ length: 16 }, (_, index) => ({ key: `c-${index}`, ...usual, ...own(index) }))

async function editAll(stack: Stack, meanwhile: () => Promise<void>): Promise<void> {
  await stack.edit(edited((index) => changes[index % changes.length] ?? {}))
  await meanwhile()
  await stack.edit(edited((index) => changes[(index + 2) % changes.length] ?? {}))
  await meanwhile()
  await stack.edit(edited((index) => ({ interval: index % 4 === 0 ? '2s' : '3s' })))
  // Longer than the account gives an edit to be followed: afterwards the checks are what they were.
  await sleep(12_000)
}

export const editFaults: Fault[] = [
  {
    name: 'interval, regions and enabled are changed while it runs',
    short: 1,
    missesNothing: true,
    run: (stack, { length }) => editAll(stack, () => sleep(length === 'short' ? 4000 : 8000)),
  },
  {
    name: 'the same while the leading scheduler dies and Redis is away',
    queue: 'redis',
    // The one that was started last still starts when Redis goes away once more.
    mayEnd: ['scheduler-2'],
    run: (stack) =>
      editAll(stack, async () => {
        await sleep(300)
        await stack.stopRedis()
        await sleep(2500)
        await stack.startRedis()
        for (const name of ['scheduler-1', 'scheduler-2']) {
          await stack.role(name).kill()
          await sleep(500)
          stack.role(name).start()
          await sleep(2500)
        }
      }),
  },
]

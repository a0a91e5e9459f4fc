import { existsSync, writeFileSync } from 'node:fs'

const library = ['x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf']
  .map((machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`)
  .find(existsSync)

/** Whether this machine can give a process a clock of its own (Debian's `faketime`). Its tests say `describe.skipIf(!hasFaketime)`. */
export const hasFaketime = library !== undefined

/**
 * A clock for the processes that are started with `env`, which is read from a file there: "+1h" is an hour ahead of ours. As on a real
 * machine, setting it does not move the monotonic clock.
 */
export function settableClock(
  file: string,
  offset: string,
): { env: Record<string, string>; set: (offset: string) => void } {
  const set = (to: string) => writeFileSync(file, `${to}\n`)
  set(offset)
  return {
    set,
    env: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  }
}

import type { DnssecStatus } from '@sonde/core'

/** Thrown where it is found that an answer is not secure, with the reason in words. */
export class NotSecure extends Error {
  readonly status: Exclude<DnssecStatus, 'secure'>

  constructor(status: Exclude<DnssecStatus, 'secure'>, reason: string) {
    super(reason)
    this.status = status
  }
}

export const bogus = (reason: string): NotSecure => new NotSecure('bogus', reason)
export const insecure = (reason: string): NotSecure => new NotSecure('insecure', reason)
export const indeterminate = (reason: string): NotSecure => new NotSecure('indeterminate', reason)

const byWeight: readonly DnssecStatus[] = ['bogus', 'indeterminate', 'insecure', 'secure']

/** Whether `a` is the graver of the two. */
export function isGraver(a: DnssecStatus, b: DnssecStatus): boolean {
  return byWeight.indexOf(a) < byWeight.indexOf(b)
}

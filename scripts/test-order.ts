import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that start whole processes come first, and of these and of all others those that have the most to say: what takes longest is
 * not to begin when all else has ended.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rankOf(a.moduleId) - rankOf(b.moduleId))
  }
}

/** 0 for what takes minutes, 1 for what waits for servers, 2 for what only computes. */
export function rankOf(path: string): number {
  if (/\/test\/(e2e|chaos)\//.test(path)) return 0
  return path.includes('.integration.test.') || path.includes('/test/') ? 1 : 2
}

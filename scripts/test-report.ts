export type Counts = { passed: number; failed: number; skipped: number }

type Report = { testResults: { status: string; assertionResults: { status: string }[] }[] }

/** Counts the tests of Vitest's JSON report. A file that failed before any test ran counts as one failure, no report too. */
export function countTests(json: string): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  const report = parse(json)
  if (report === null) return { ...counts, failed: 1 }
  for (const { status, assertionResults } of report.testResults) {
    for (const test of assertionResults) counts[verdict(test.status)]++
    if (status === 'failed' && assertionResults.every((test) => test.status !== 'failed')) counts.failed++
  }
  return counts
}

/** The last line of a test run. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function verdict(status: string): keyof Counts {
  if (status === 'passed') return 'passed'
  return status === 'failed' ? 'failed' : 'skipped'
}

function parse(json: string): Report | null {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

import { defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/test-order.ts'

export default defineConfig({
  test: {
    include: ['{apps,packages,scripts,test}/**/*.test.ts'],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    // Node runs the files themselves, as it does in production: what it cannot run is to fail here.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    pool: 'forks',
    // The long ones mostly wait, for time-outs and for servers: one file at a time, as the runner would have it on two cores, leaves
    // the cores idle; more than two make real processes late for what is asked of them.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // A third of the run went into loading the same modules for each file. Nothing but what is the process's own may be left changed.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
})

import { defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/test-order.ts'

export default defineConfig({
  test: {
    include: ['{apps,packages,scripts,test}/**/*.test.ts'],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    // Node runs the files themselves, as it does in production: what it cannot run is to fail here.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    pool: 'forks',
    // The long ones mostly wait, for time-outs and for servers: one file a core would leave the cores idle.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
})

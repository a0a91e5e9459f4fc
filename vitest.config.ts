import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{apps,packages,scripts,test}/**/*.test.ts'],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    // Node runs the files themselves, as it does in production: what it cannot run is to fail here.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  // As the compiler does: of the packages that build on another none waits for that to be built.
  resolve: {
    alias: {
      '@usageflow/core/node': `${import.meta.dirname}/sdks/js/core/src/node.ts`,
      '@usageflow/core': `${import.meta.dirname}/sdks/js/core/src/index.ts`,
      '@usageflow/express': `${import.meta.dirname}/sdks/js/express/src/index.ts`,
      '@usageflow/fastify': `${import.meta.dirname}/sdks/js/fastify/src/index.ts`,
    },
  },
  test: {
    include: ['{apps,packages,sdks,tools,bench,faults}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['apps/server/src/platform/db/test-server.ts'],
    setupFiles: ['apps/server/src/platform/db/test-db-end.ts'],
    pool: 'forks',
    // What a file imports is loaded once for all that a process runs: a third of the time. So no module may
    // keep what belongs to a test.
    isolate: false,
    maxWorkers: 3, // on two cores: some tests mostly wait
    testTimeout: 120_000, // for what hangs: the machine may be busy
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
})

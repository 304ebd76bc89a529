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
    pool: 'forks', // a test may end or hang its process without harm to the others
    maxWorkers: 2, // each file also has PostgreSQL working for it
    testTimeout: 120_000, // for what hangs: the machine may be busy
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
})

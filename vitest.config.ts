import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{apps,packages,tools,bench,faults}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['apps/server/src/platform/db/test-server.ts'],
    pool: 'forks', // a test may end or hang its process without harm to the others
    maxWorkers: 2, // each file also has PostgreSQL working for it
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})

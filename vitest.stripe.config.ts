import { defineConfig } from 'vitest/config'

// Every call of ours, checked by Stripe's own description of its API; needs Go: `npm run test:stripe`.
export default defineConfig({
  test: {
    include: ['apps/server/test/stripe/*.mock.ts'],
    globalSetup: ['apps/server/src/platform/db/test-server.ts'],
    setupFiles: ['apps/server/src/platform/db/test-db-end.ts'],
    pool: 'forks',
    testTimeout: 120_000, // for what hangs: the machine may be busy
    hookTimeout: 600_000, // it may be compiled first
  },
})

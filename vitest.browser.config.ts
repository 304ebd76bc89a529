import { defineConfig } from 'vitest/config'

// A server and a browser of its own, on what was built: `npm run test:browser`.
export default defineConfig({
  test: {
    include: ['apps/dashboard/test/browser/*.browser.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})

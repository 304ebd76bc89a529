import { defineConfig } from 'vitest/config'

// A server and a browser of its own, on what was built: `npm run test:browser`.
export default defineConfig({
  test: {
    include: ['apps/dashboard/test/browser/*.browser.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 300_000, // for what hangs: the machine may be busy
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
  },
})

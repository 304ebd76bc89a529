import { defineConfig } from 'vitest/config'

// Every code block of the guide, on a server of its own; needs bash, curl and Python: `npm run test:guide`.
export default defineConfig({
  test: {
    include: ['apps/server/test/docs/*.guide.ts'],
    pool: 'forks',
    testTimeout: 120_000, // for what hangs: the machine may be busy
    hookTimeout: 300_000,
  },
})

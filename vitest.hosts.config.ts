import { defineConfig } from 'vitest/config'

// The packages in their frameworks, on a server of its own and on what was built; needs Python and Go: `npm run test:hosts`.
export default defineConfig({
  test: {
    include: ['sdks/hosts/test/*.hosts.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 300_000, // for what hangs: the machine may be busy, and Gin may have to be built
    hookTimeout: 300_000,
  },
})

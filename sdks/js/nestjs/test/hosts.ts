import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type * as NestApp from './nest-app.ts'

const JS = path.join(import.meta.dirname, '../..')

/** Folders from which each version of NestJS is found. */
const HOSTS = {
  'NestJS 10': path.join(JS, '../hosts/nest10'),
  'NestJS 11': path.join(JS, '../hosts/nest11'),
  'NestJS 12': path.join(JS, 'nestjs'),
}

export const VERSIONS = Object.keys(HOSTS) as (keyof typeof HOSTS)[]

/** The application of the tests and the package as this version of NestJS would run them: one for `require`, one for `import`. */
export async function hostOf(version: keyof typeof HOSTS): Promise<typeof NestApp> {
  const outfile = path.join(HOSTS[version], '.cache', 'test-host.mjs')
  await build({
    entryPoints: [path.join(import.meta.dirname, 'nest-app.ts')],
    ...{ outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    external: ['@nestjs/*', 'rxjs', 'reflect-metadata'],
    alias: {
      '@usageflow/core/node': path.join(JS, 'core/src/node.ts'),
      '@usageflow/core': path.join(JS, 'core/src/index.ts'),
      '@usageflow/express': path.join(JS, 'express/src/index.ts'),
      '@usageflow/fastify': path.join(JS, 'fastify/src/index.ts'),
    },
  })
  return import(/* @vite-ignore */ pathToFileURL(outfile).href)
}

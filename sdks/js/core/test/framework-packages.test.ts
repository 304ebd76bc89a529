import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Consumer } from './packed.ts'

const FRAMEWORKS = ['express', 'fastify', 'nestjs']
const consumer = new Consumer()

beforeAll(() =>
  consumer.install(
    ['core', ...FRAMEWORKS],
    ['fastify', '@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs', '@types/node'],
  ),
)

afterAll(() => consumer.remove())

const NAMES = `ExpressUsageFlowAPI FastifyUsageFlowAPI UsageFlowModule`.split(' ')
const IMPORTS = FRAMEWORKS.map((name, at) => [NAMES[at], `@usageflow/${name}`] as const)

const USE = `
const quiet = { onError: () => {} }
console.log([
  new ExpressUsageFlowAPI(quiet).createMiddleware().length,
  new FastifyUsageFlowAPI(quiet).createPlugin()[Symbol.for('skip-override')],
  UsageFlowModule.forRoot(quiet).module === UsageFlowModule,
].join())
`

test('are there for import and for require', () => {
  const esm = IMPORTS.map(([name, from]) => `import { ${name} } from '${from}'\n`).join('')
  expect(consumer.node('use.mjs', `import 'reflect-metadata'\n${esm}${USE}`)).toBe('3,true,true')
  const cjs = IMPORTS.map(([name, from]) => `const { ${name} } = require('${from}')\n`).join('')
  expect(consumer.node('use.cjs', `require('reflect-metadata')\n${cjs}${USE}`)).toBe('3,true,true')
})

const CONSUMER = `
const limit = { limit: 1000, window: '1h' }
const plugin: UsageFlowPlugin = new FastifyUsageFlowAPI({ rateLimits: { '/a': limit } }).createPlugin([{ method: '*', url: '*' }])
void fastify().register(plugin)
fastify().get('/', async (request) => { request.usageflow = { metadata: { team: 'red' } } })
const middleware: UsageFlowMiddleware = new ExpressUsageFlowAPI().init('k').createMiddleware()
const root: DynamicModule = UsageFlowModule.forRoot({ whitelistRoutes: [{ method: 'GET', url: '/a' }] })
// @ts-expect-error a typo exempts nobody
UsageFlowModule.forRoot({ whiteListRoutes: [] })
// @ts-expect-error a route has a method
new FastifyUsageFlowAPI().createPlugin([{ url: '*' }])
// @ts-expect-error a window is a text
new ExpressUsageFlowAPI({ rateLimits: { '/a': { limit: 1000, window: 3600 } } })
export const kept = [middleware, root]
`
const TYPES = `import type { UsageFlowMiddleware } from '@usageflow/express'
import type { UsageFlowPlugin } from '@usageflow/fastify'
import type { DynamicModule } from '@nestjs/common'
`

test('have types for both, which say what is wrong', () => {
  const esm = IMPORTS.map(([name, from]) => `import { ${name} } from '${from}'\n`).join('')
  const cjs = IMPORTS.map(
    ([name, from], at) =>
      `import package${at} = require('${from}')\nconst { ${name} } = package${at}\n`,
  ).join('')
  const files = {
    'a.mts': `import { fastify } from 'fastify'\n${esm}${TYPES}${CONSUMER}`,
    'b.cts': `import { fastify } from 'fastify'\n${cjs}${TYPES}${CONSUMER}`,
  }
  consumer.compile(files, { skipLibCheck: true, types: ['node'] })
})

test('have types for compilers that read no exports, as many applications of NestJS set theirs', () => {
  const text = `import { ExpressUsageFlowAPI } from '@usageflow/express'
import type { UsageFlowPlugin } from '@usageflow/fastify'
export const kept: [ExpressUsageFlowAPI, UsageFlowPlugin?] = [new ExpressUsageFlowAPI().init('k')]
// @ts-expect-error a window is a text
new ExpressUsageFlowAPI({ rateLimits: { '/a': { limit: 1000, window: 3600 } } })
`
  const old = { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' }
  consumer.compile({ 'c.cts': text }, { ...old, skipLibCheck: true, types: ['node'] })
})

test.each(['core', ...FRAMEWORKS])(
  'is packed as Node, bundlers and compilers expect it: %s',
  async (name) => {
    const archive = consumer.archive(name)
    const { messages } = await publint({ pack: { tarball: bytesOf(archive) } })
    expect(messages).toEqual([])
    const types = await checkPackage(createPackageFromTarballData(new Uint8Array(archive)))
    expect(types.types && types.problems).toEqual([])
  },
)

function bytesOf({ buffer, byteOffset, length }: Buffer): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer // of a file, never shared
}

test('hold nothing but themselves, and bring no framework along', () => {
  for (const name of FRAMEWORKS) {
    const { dependencies } = JSON.parse(consumer.read(name, 'package.json'))
    expect(Object.keys(dependencies).every((each) => each.startsWith('@usageflow/'))).toBe(true)
    expect(consumer.list(name)).toEqual(['LICENSE', 'README.md', 'dist', 'package.json'])
    const bundle = consumer.read(name, 'dist/index.mjs')
    const imported = [...bundle.matchAll(/^import .*?from "([^"]+)"/gms)].map(([, from]) => from)
    expect(imported.filter((from) => !/^@(usageflow|nestjs)\//.test(from ?? ''))).toEqual([])
    expect(bundle.length).toBeLessThan(20_000)
  }
})

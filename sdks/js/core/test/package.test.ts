import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPackage } from '../../../../tools/build-package.ts'

const PACKAGE = path.join(import.meta.dirname, '..')
const ROOT = path.join(PACKAGE, '../../..')
const TSC = path.join(ROOT, 'node_modules/typescript/bin/tsc')

let folder: string

/** Somebody else's program, with the package as npm would bring it. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-package-'))
  const packed = path.join(folder, 'packed')
  mkdirSync(packed)
  for (const file of ['package.json', 'README.md', 'LICENSE'])
    cpSync(path.join(PACKAGE, file), path.join(packed, file))
  await buildPackage(PACKAGE, path.join(packed, 'dist'))
  npm('pack', '--ignore-scripts', '--silent', '--pack-destination', folder, packed)
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }')
  const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  npm('install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${archive}`)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function npm(...args: string[]): void {
  // npm's own program, if npm started us: on some systems `npm` on the path is another one.
  const { npm_execpath: program } = process.env
  const [command, first] = program?.endsWith('npm-cli.js')
    ? [process.execPath, [program]]
    : ['npm', []]
  execFileSync(command, [...first, ...args], { cwd: folder, stdio: 'pipe' })
}

function node(file: string, text: string): string {
  writeFileSync(path.join(folder, file), text)
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' }).trim()
}

const USE = `
const client = new UsageFlow({ apiKey: 'k', baseUrl: 'http://127.0.0.1:1', onError: () => {} })
client.track({ name: 'API_CALL', customerId: 'a' })
const isOurs = client.stats().queued === 1 && new UsageFlowError('config', 'a', 'b') instanceof Error
client.close(1).then(({ dropped }) => console.log(isOurs, dropped))
`

test('is there for import and for require', () => {
  expect(node('use.mjs', `import { UsageFlow, UsageFlowError } from '@usageflow/core'${USE}`)).toBe(
    'true 1',
  )
  expect(
    node('use.cjs', `const { UsageFlow, UsageFlowError } = require('@usageflow/core')${USE}`),
  ).toBe('true 1')
})

const CONSUMER = `
const client = new UsageFlow({ apiKey: undefined, onError: ({ kind, event }) => void [kind, event?.amount] })
client.track({ metric: 'API_CALL', customerId: 'a', amount: '0.5', metadata: { model: 'large' } })
const answer: Promise<'recorded' | 'duplicate'> = client.send({ name: 'a', customerId: 'b' }).then(({ status }) => status)
const counts: Stats = client.stats()
// @ts-expect-error a typo costs no money
client.track({ name: 'API_CALL', customerId: 'a', amuont: 1 })
// @ts-expect-error an event has one name
client.track({ name: 'API_CALL', metric: 'API_CALL', customerId: 'a' })
export const kept = [answer, counts]
`

test('has types for both, which need none of Node or a browser', () => {
  writeFileSync(
    path.join(folder, 'a.mts'),
    `import { type Stats, UsageFlow } from '@usageflow/core'${CONSUMER}`,
  )
  writeFileSync(
    path.join(folder, 'b.cts'),
    `import core = require('@usageflow/core')\ntype Stats = core.Stats\nconst { UsageFlow } = core${CONSUMER}`,
  )
  const compilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false },
    ...{ module: 'nodenext', target: 'es2022', lib: ['es2022'], types: [] },
  }
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['*.mts', '*.cts'] }),
  )
  execFileSync(process.execPath, [TSC, '-p', folder], { encoding: 'utf8' }) // throws what it complains of
})

test('holds what it needs, brings nobody along, and reads no environment beside the two variables', () => {
  const installed = path.join(folder, 'node_modules/@usageflow/core')
  const { dependencies } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'))
  expect(dependencies).toBeUndefined()
  expect(readdirSync(installed).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json'])
  expect(readFileSync(path.join(installed, 'LICENSE'), 'utf8')).toBe(
    readFileSync(path.join(ROOT, 'LICENSE'), 'utf8'),
  )
  const bundle = readFileSync(path.join(installed, 'dist/index.mjs'), 'utf8')
  expect(bundle).not.toMatch(/^import |\brequire\(/m)
  expect(bundle.match(/process\.env\b/g)).toHaveLength(1)
})

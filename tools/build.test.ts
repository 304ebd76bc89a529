import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { decode } from '@jridgewell/sourcemap-codec'
import { afterEach, beforeEach, expect, test } from 'vitest'

const repository = path.join(import.meta.dirname, '..')
let root: string

/** A tree of one source file, with the packages of this one. */
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'usageflow-build-'))
  mkdirSync(path.join(root, 'packages'))
  for (const file of [
    'tools/build.mjs',
    'apps/server/package.json',
    'apps/server/esbuild.json',
    'apps/server/bin/usageflow.mjs',
  ]) {
    cpSync(path.join(repository, file), path.join(root, file))
  }
  symlinkSync(path.join(repository, 'node_modules'), path.join(root, 'node_modules'))
  mkdirSync(path.join(root, 'apps/server/src'))
  source(`
    import { decimal } from '@usageflow/pricing'
    import { hash } from '@node-rs/argon2'
    import pg from 'pg'
    console.log(String(decimal('2')), typeof pg.Client, typeof hash, ...process.argv.slice(2))
  `)
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function source(text: string): void {
  writeFileSync(path.join(root, 'apps/server/src/main.ts'), text)
}

function run(...command: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return stdout.trim()
}

const build = () => run('tools/build.mjs')

test('packages go into the bundle, those with native parts stay outside, and it runs', () => {
  expect(build()).toBe('build: apps/server/dist/main.mjs')
  const bundle = readFileSync(path.join(root, 'apps/server/dist/main.mjs'), 'utf8')
  expect(bundle).toMatch(/from ?"@node-rs\/argon2"/)
  expect(bundle).not.toMatch(/from ?"(pg|@usageflow\/.+)"/)
  expect(run('apps/server/bin/usageflow.mjs', 'serve')).toBe(
    '2000000000000 function function serve',
  )
})

test('it is built again only when a source is newer, or gone', () => {
  build()
  expect(build()).toBe('build: nothing to do')

  source('export {}')
  const soon = Date.now() / 1000 + 5
  utimesSync(path.join(root, 'apps/server/src/main.ts'), soon, soon)
  expect(build()).toBe('build: apps/server/dist/main.mjs')
})

test('a stack names the line of ours, and the map knows no lines of dependencies', () => {
  source(`import pg from 'pg'
    const fail = () => {
      const text = typeof pg.Client
      throw new Error(text)
    }
    try { fail() } catch (error) { console.log(error.stack) }
  `)
  build()
  expect(run('apps/server/bin/usageflow.mjs', 'serve')).toContain('src/main.ts:4:')
  const map = JSON.parse(readFileSync(path.join(root, 'apps/server/dist/main.mjs.map'), 'utf8'))
  const isOurs = (source: number) => !map.sources[source].includes('node_modules/')
  const places = decode(map.mappings)
    .flat()
    .filter(({ length }) => length > 1)
  const theirs = places.filter(([, source = 0, line]) => !isOurs(source) && line !== 0)
  expect(theirs).toEqual([])
  const ours = places.filter(([, source = 0]) => isOurs(source))
  expect(ours.length).toBeLessThan(1_000)
  expect(ours.length).toBeGreaterThan(4)
})

test('a tree that was not built runs from its sources', () => {
  source('const version: string = process.argv[2]; console.log(version)')
  expect(run('apps/server/bin/usageflow.mjs', 'migrate')).toBe('migrate')
})

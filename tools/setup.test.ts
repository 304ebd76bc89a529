import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let root: string

/** A tree with a lock file of one package, and an npm that notes how it was called and installs it. */
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'usageflow-setup-'))
  mkdirSync(path.join(root, 'tools'))
  cpSync(path.join(import.meta.dirname, 'setup.mjs'), path.join(root, 'tools/setup.mjs'))
  lock('1.0.0')
  writeFileSync(path.join(root, 'npm-cli.js'), FAKE_NPM)
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

const FAKE_NPM = `
const fs = require('node:fs')
if (fs.existsSync('broken')) process.exit(7)
fs.rmSync('node_modules', { recursive: true, force: true })
fs.mkdirSync('node_modules')
fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json')
fs.appendFileSync('calls.txt', process.argv.slice(2).join(' ') + '\\n')
`

function lock(version: string, more: object = {}): void {
  const packages = {
    '': {},
    'node_modules/ms': { version },
    ...more,
    'node_modules/only-elsewhere': { version, optional: true },
  }
  writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify({ packages }))
}

function setup(...nodeArguments: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeArguments, path.join(root, 'tools/setup.mjs')],
    { env: { ...process.env, npm_execpath: path.join(root, 'npm-cli.js') }, encoding: 'utf8' },
  )
  return { status, stdout: stdout.trim(), stderr: stderr.trim() }
}

function calls(): string[] {
  const file = path.join(root, 'calls.txt')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

test('a fresh clone gets its packages, once', () => {
  expect(setup()).toMatchObject({ status: 0, stdout: 'setup: packages installed' })
  expect(setup()).toMatchObject({ status: 0, stdout: 'setup: nothing to do' })
  expect(calls()).toEqual(['ci --no-audit --no-fund'])
})

test('a changed lock file brings its packages', () => {
  setup()
  lock('1.0.1')
  expect(setup().stdout).toBe('setup: packages installed')
  expect(calls()).toHaveLength(2)
})

test('a package of our own that was added is linked', () => {
  setup()
  lock('1.0.0', { 'node_modules/@usageflow/new': { resolved: 'packages/new', link: true } })
  expect(setup().stdout).toBe('setup: packages installed')
  expect(calls()).toHaveLength(2)
})

test('what somebody installed by hand is left as it is, if it is what the lock file says', () => {
  mkdirSync(path.join(root, 'node_modules'))
  const installed = { packages: { 'node_modules/ms': { version: '1.0.0' } } }
  const record = path.join(root, 'node_modules/.package-lock.json')
  writeFileSync(record, JSON.stringify(installed))
  expect(setup().stdout).toBe('setup: nothing to do')
  lock('1.0.1')
  expect(setup().stdout).toBe('setup: packages installed')
})

test('an installation that failed is not taken for one that worked', () => {
  writeFileSync(path.join(root, 'broken'), '')
  expect(setup()).toMatchObject({ status: 1, stderr: 'npm ci failed with status 7' })
  rmSync(path.join(root, 'broken'))
  expect(setup().stdout).toBe('setup: packages installed')
})

test('a Node that is too old is told which one is needed', () => {
  const old = `Object.defineProperty(process, 'versions', { value: { node: '20.18.3' } })`
  const answer = setup('--import', `data:text/javascript,${encodeURIComponent(old)}`)
  expect(answer).toMatchObject({ status: 1, stdout: '' })
  expect(answer.stderr).toMatch(/needs Node 20\.19 or later, and this is 20\.18\.3/)
})

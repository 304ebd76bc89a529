import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { CHECKS } from './test-checks.ts'
import { type Case, expanded } from './test-vectors.ts'

const FOLDER = path.join(import.meta.dirname, '../../../sdks/conformance')

function read(file: string): unknown {
  return JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))
}

/** What the clients do alike; read by their tests. */
const OF_CLIENTS = ['blueprints.json']
const manifest = read('manifest.json') as Record<string, number>

const files = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json') && file !== 'manifest.json')
  .filter((file) => !OF_CLIENTS.includes(file))
  .sort()

test('every file of vectors is read, and has as many cases as the manifest says', () => {
  expect(files).toEqual(Object.keys(CHECKS).sort())
  const counts = files.map((file) => [file, (read(file) as { cases: Case[] }).cases.length])
  const ours = Object.entries(manifest).filter(([file]) => !OF_CLIENTS.includes(file))
  expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(ours))
})

test.each(files)('%s holds, case by case', (file) => {
  const { cases } = read(file) as { cases: Case[] }
  const check = CHECKS[file]
  const names = cases.map((each) => each.name)
  expect(new Set(names).size).toBe(names.length)
  const run = cases.map((each) => {
    const vector = expanded(each) as Case
    if (vector.error) expect(() => check?.(vector), each.name).toThrow(RangeError)
    else check?.(vector)
    return each.name
  })
  expect(check).toBeDefined()
  expect(run).toEqual(names)
})

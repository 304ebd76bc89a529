import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Product, readExport } from './read-source.ts'

function read(product: Product, text: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'catalog-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'export.json')
  writeFileSync(file, text)
  return readExport(product, file)
}

test('an export has lists by the names of the product, as they are or as its API answers them', () => {
  expect(read('dodo', '{"meters":[1],"products":{"items":[2]}}')).toEqual({
    meters: [1],
    plans: [2],
  })
  expect(read('lago', '{"billable_metrics":[1],"plans":[2]}')).toEqual({ meters: [1], plans: [2] })
  expect(read('openmeter', '[1,2]')).toEqual({ meters: [1, 2], plans: [] })
})

test.each([
  ['{"meters":[1]', /not JSON/],
  ['{"metrics":[1]}', /neither "billable_metrics" nor "plans"/],
  ['null', /neither/],
])('a file that is none, like %s, says what is missing', (text, why) => {
  expect(() => read('lago', text)).toThrow(why)
})

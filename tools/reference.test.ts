import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const FILE = path.join(import.meta.dirname, '..', 'docs', 'reference', 'openapi.json')

test('whatever the reference of the API refers to stands in it', () => {
  const document: unknown = JSON.parse(readFileSync(FILE, 'utf8'))
  const found = new Set(refsIn(document))
  expect(found).toContain('#/components/schemas/Error') // else nothing was checked
  expect([...found].filter((ref) => typeof targetIn(document, ref) !== 'object')).toEqual([])
})

/** Every value under the key `$ref`, wherever it stands. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [String(inner)] : refsIn(inner),
  )
}

/** A pointer into the document: RFC 6901, in a fragment. */
function targetIn(document: unknown, ref: string): unknown {
  const steps = ref.replace('#/', '').split('/')
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)?.[step], document)
}

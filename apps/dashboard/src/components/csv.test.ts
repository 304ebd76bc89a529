import { expect, test } from 'vitest'
import { toCsv } from './csv.ts'

const columns = [
  { id: 'name', header: 'Name', value: ({ name }: { name: string }) => name },
  { id: 'size', header: 'Size', value: ({ size }: { size: bigint | null }) => size },
]

test.each(['=1+1', '+1+1', '@sum(a1)', '-cmd|calc', '\ttab', '\rreturn'])(
  'a spreadsheet takes %j for text',
  (name) => {
    const [, row = ''] = toCsv(columns, [{ name, size: null }]).split('\r\n', 2)
    expect(row.replace(/^"/, '').startsWith("'")).toBe(true)
  },
)

test('numbers stay numbers, also below zero, and nothing is an empty cell', () => {
  expect(toCsv(columns, [{ name: '-12.50', size: -3n }])).toBe('Name,Size\r\n-12.50,-3\r\n')
  expect(toCsv(columns, [{ name: '', size: null }])).toBe('Name,Size\r\n,\r\n')
})

test('quotes, commas and line breaks stay within their cell', () => {
  expect(toCsv(columns, [{ name: 'a "b", c\nd', size: 1n }])).toBe(
    'Name,Size\r\n"a ""b"", c\nd",1\r\n',
  )
})

import { expect, test } from 'vitest'
import { csvHead, csvRows } from './csv.ts'

const columns = [
  { id: 'name', header: 'Name', value: ({ name }: { name: string }) => name },
  { id: 'size', header: 'Size', value: ({ size }: { size: bigint | null }) => size },
]

test.each([
  '=1+1',
  '+1+1',
  '@sum(a1)',
  '-cmd|calc',
  '\ttab',
  '\rreturn',
  ' =1+1',
  '＝1+1',
  '|calc',
])('a spreadsheet takes %j for text', (name) => {
  expect(
    csvRows(columns, [{ name, size: null }])
      .replace(/^"/, '')
      .startsWith("'"),
  ).toBe(true)
})

test('numbers stay numbers, also below zero, and nothing is an empty cell', () => {
  expect(csvRows(columns, [{ name: '-12.50', size: -3n }])).toBe('-12.50,-3\r\n')
  expect(csvRows(columns, [{ name: '', size: null }])).toBe(',\r\n')
  expect(csvHead(columns)).toBe('Name,Size\r\n')
})

test('a column says what stands in an export where that is not its value', () => {
  const price = { id: 'price', header: 'Price', value: () => 11_900n, exported: () => '119.00' }
  expect(csvRows([price], [{}])).toBe('119.00\r\n')
})

test('quotes, commas and line breaks stay within their cell', () => {
  expect(csvRows(columns, [{ name: 'a "b", c\nd', size: 1n }])).toBe('"a ""b"", c\nd",1\r\n')
})

import { expect, test } from 'vitest'
import { rowsOf } from './dodo-pages.ts'

const pages = (...numbers: (number | undefined)[]) =>
  numbers.map((page_number) => rowsOf({ page_number, page_size: 10 }).offset)

test('no way in which clients of Dodo Payments count pages leaves one out', () => {
  expect(pages(undefined, 2, 3)).toEqual([0, 10, 20]) // the client, by itself
  expect(pages(1, 2, 3)).toEqual([0, 10, 20])
  expect(pages(0, 1, 2)).toEqual([0, 0, 10]) // by their reference: the first page comes twice
})

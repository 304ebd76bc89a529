import { z } from 'zod'

const SIZE = 10
const SIZE_MAX = 100
const NUMBER_MAX = 10_000

/** How clients of Dodo Payments ask for a page of a list. */
export const dodoPage = {
  page_number: z.coerce.number().int().min(0).max(NUMBER_MAX).optional(),
  page_size: z.coerce.number().int().min(1).max(SIZE_MAX).default(SIZE),
}

/**
 * Which rows are on the page. Their reference counts pages from 0, and the client that goes through a list by itself
 * asks for no page first and for 2 then: 0, 1 and none are the first page here, so that no way of counting misses one.
 */
export function rowsOf(query: {
  readonly page_number?: number | undefined
  readonly page_size: number
}): { readonly limit: number; readonly offset: number } {
  const { page_number: number = 1, page_size: limit } = query
  return { limit, offset: (Math.max(number, 1) - 1) * limit }
}

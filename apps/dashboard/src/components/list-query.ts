import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from '@tanstack/react-query'
import { type Environment, useEnvironment } from '../api/environment.tsx'
import { NOTED_READING } from '../api/organization.ts'

export type Page<Row> = { readonly data: readonly Row[]; readonly nextCursor: string | null }

export type FetchPage<Row> = (
  environment: Environment,
  request: {
    readonly cursor?: string
    readonly filters: Readonly<Record<string, string>>
    readonly limit: number
    readonly signal: AbortSignal
  },
) => Promise<Page<Row>>

const PAGE_ROWS = 50

export type List<Row> = {
  readonly query: UseInfiniteQueryResult<{ pages: Page<Row>[] }>
  readonly rows: readonly Row[]
}

/** A list that is read page by page, each from the cursor where the last one ended. */
export function useList<Row>(
  {
    name,
    fetchPage,
    isCostly = false,
    refreshMs,
  }: {
    readonly name: string
    readonly fetchPage: FetchPage<Row>
    readonly isCostly?: boolean
    readonly refreshMs?: number
  },
  filters: Readonly<Record<string, string>>,
): List<Row> {
  const environment = useEnvironment()
  const query = useInfiniteQuery({
    queryKey: [...environment.key, name, 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      fetchPage(environment, {
        filters,
        limit: PAGE_ROWS,
        signal,
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<Row>) => page.nextCursor,
    placeholderData: keepPreviousData,
    ...(isCostly ? NOTED_READING : {}),
    ...(refreshMs === undefined ? {} : { refetchInterval: refreshMs }),
  })
  return {
    query: query as UseInfiniteQueryResult<{ pages: Page<Row>[] }>,
    rows: query.data?.pages.flatMap(({ data }) => data) ?? [],
  }
}

/** The query of a list's call. Filters are the address's: the server says so where one is none. */
export function pageQuery({
  cursor,
  limit,
  filters,
}: {
  readonly cursor?: string
  readonly limit: number
  readonly filters: Readonly<Record<string, string>>
}): { limit: number; cursor?: string } {
  return { limit, ...(cursor === undefined ? {} : { cursor }), ...(filters as object) }
}

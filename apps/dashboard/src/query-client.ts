import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './api/errors.ts'
import { sessionQuery } from './api/session.ts'

const STALE_MS = 5_000
const RETRIES_MAX = 2

/** Asks again what may have been bad luck, and never what was refused. */
export function createQueryClient(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        // The session is over: whoever reads it next is led to the page to sign in.
        if (error instanceof ApiError && error.status === 401)
          queries.setQueryData(sessionQuery.queryKey, null)
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (failures, error) => failures < RETRIES_MAX && isPassing(error),
      },
    },
  })
  return queries
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return error.status === 0 || error.status === 429 || error.status >= 500
}

import { type QueryKey, type UseQueryOptions, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { BlockSkeleton, ErrorState } from '../ui/states.tsx'

/**
 * Shows what a query brings, and before that a block as high as what will come. `isFresh`: what was
 * asked for before is not shown, since a form that begins with it would undo what others have changed.
 */
export function Loaded<T>({
  query,
  height,
  isFresh = false,
  children,
}: {
  readonly query: UseQueryOptions<T, Error, T, QueryKey>
  readonly height: number
  readonly isFresh?: boolean
  readonly children: (data: T) => ReactNode
}) {
  const asked = useQuery(isFresh ? { ...query, staleTime: 0, refetchOnMount: 'always' } : query)
  const { data, error, isPending, refetch } = asked
  const isOld = isFresh && !asked.isFetchedAfterMount
  if (data !== undefined && !isOld) return children(data)
  if (isPending || isOld) return <BlockSkeleton height={height} />
  return <ErrorState error={error} onRetry={() => void refetch()} />
}

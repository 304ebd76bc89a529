import { type QueryKey, type UseQueryOptions, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { BlockSkeleton, ErrorState } from '../ui/states.tsx'

/** Shows what a query brings, and before that a block as high as what will come. */
export function Loaded<T>({
  query,
  height,
  children,
}: {
  readonly query: UseQueryOptions<T, Error, T, QueryKey>
  readonly height: number
  readonly children: (data: T) => ReactNode
}) {
  const { data, error, isPending, refetch } = useQuery(query)
  if (data !== undefined) return children(data)
  if (isPending) return <BlockSkeleton height={height} />
  return <ErrorState error={error} onRetry={() => void refetch()} />
}

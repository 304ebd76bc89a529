import { Button, Skeleton, Text, Title } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { messageOf } from '../api/errors.ts'
import { RequestId } from '../ui/states.tsx'
import classes from './portal.module.css'
import { usePortal } from './portal-context.tsx'

/** One part of the page below its heading; while it loads, a block as high as what will come. */
export function Part<T>({
  title,
  hint,
  query,
  height,
  children,
}: {
  readonly title: string
  readonly hint?: string
  readonly query: UseQueryResult<T>
  readonly height: number
  readonly children: (data: T) => ReactNode
}) {
  const id = useId()
  const { data, error, refetch } = query
  return (
    <section className={classes.part} aria-labelledby={id}>
      <Title order={2} size={17} id={id}>
        {title}
      </Title>
      {hint && data !== undefined && <p className={classes.hint}>{hint}</p>}
      {data !== undefined ? (
        children(data)
      ) : error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton height={height} mt="sm" aria-hidden />
      )}
    </section>
  )
}

function Failed({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const { words } = usePortal()
  return (
    <div role="alert" className={classes.failed}>
      <Text fw={600}>{words.failed}</Text>
      <Text>{messageOf(error)}</Text>
      <RequestId error={error} />
      <Button variant="default" mt="xs" onClick={retry}>
        {words.tryAgain}
      </Button>
    </div>
  )
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className={classes.empty}>{children}</p>
}

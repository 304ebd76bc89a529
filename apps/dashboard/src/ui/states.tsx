import { Alert, Button, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiError, messageOf } from '../api/errors.ts'
import classes from './states.module.css'

/** What a list shows that has nothing to show: what it is for, and how something gets into it. */
export function EmptyState({
  title,
  children,
  action,
  example,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly action?: ReactNode
  /** The call of the API that does the same. */
  readonly example?: string
}) {
  return (
    <Stack className={classes.state} gap="sm">
      <Title order={3} size="md">
        {title}
      </Title>
      <Text c="dimmed" maw={720} component="div">
        {children}
      </Text>
      {action && <Group>{action}</Group>}
      {example && (
        <Code block className={classes.example} aria-label="Example" tabIndex={0}>
          {example}
        </Code>
      )}
    </Stack>
  )
}

/** What failed, in the server's words, with the id under which its log tells more. */
export function ErrorState({
  error,
  onRetry,
}: {
  readonly error: unknown
  readonly onRetry?: (() => void) | undefined
}) {
  const isForbidden = error instanceof ApiError && error.status === 403
  const isMissing = error instanceof ApiError && error.status === 404
  const title = isForbidden
    ? 'Your role may not see this'
    : isMissing
      ? 'There is nothing here'
      : 'This could not be loaded'
  return (
    <Alert
      color={isForbidden || isMissing ? 'gray' : 'red'}
      variant="light"
      title={title}
      className={classes.alert}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="md">{messageOf(error)}</Text>
        {onRetry && !isForbidden && !isMissing && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
        <RequestId error={error} />
      </Stack>
    </Alert>
  )
}

/** What needs somebody, above what it is about. */
export function Notice({
  tone,
  title,
  children,
}: {
  readonly tone: 'warn' | 'bad'
  readonly title: string
  readonly children: ReactNode
}) {
  return (
    <Alert
      variant="light"
      title={title}
      classNames={{ root: classes.notice ?? '', title: classes.noticeTitle ?? '' }}
      data-tone={tone}
    >
      <Stack gap="xs" align="flex-start" maw={640} className={classes.noticeBody ?? ''}>
        {children}
      </Stack>
    </Alert>
  )
}

/** For whoever looks for the cause in the server's log. */
export function RequestId({ error }: { readonly error: unknown }) {
  if (!(error instanceof ApiError) || error.requestId === null) return null
  return (
    <Text size="xs" c="dimmed">
      Request <Code className={classes.code}>{error.requestId}</Code>
    </Text>
  )
}

/** As high as the rows that are coming, so that nothing jumps. */
export function RowsSkeleton({ rows = 8 }: { readonly rows?: number }) {
  return (
    <Stack gap={0} aria-hidden>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={index} className={classes.row}>
          <Skeleton height={12} width="22%" radius={4} />
          <Skeleton height={12} width="14%" radius={4} />
          <Skeleton height={12} width="18%" radius={4} />
          <Skeleton height={12} width="12%" radius={4} />
        </div>
      ))}
    </Stack>
  )
}

export function BlockSkeleton({ height }: { readonly height: number }) {
  return <Skeleton height={height} radius={8} aria-hidden />
}

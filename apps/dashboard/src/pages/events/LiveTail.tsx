import { Button, Group, Text } from '@mantine/core'
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { UsageEvent } from '../../api/records.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icon.tsx'
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/states.tsx'
import { eventColumns } from './events-list.tsx'
import classes from './LiveTail.module.css'
import { useLiveTail } from './live-tail.ts'
import { SendFirstEvent } from './SendFirstEvent.tsx'

const SHOWN = eventColumns.filter(({ isExtra }) => !isExtra)

/**
 * Those that were stored last. Asked for once more when the tail is live: what came between the two would
 * be in neither.
 */
function newestQuery({ api, key }: Environment, name: string | null, isLive: boolean) {
  return {
    queryKey: [...key, 'events', 'newest', name, isLive],
    queryFn: () =>
      answered(
        api.GET('/api/v1/events/newest', { params: { query: name === null ? {} : { name } } }),
      ),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false, // the tail says what is new
  }
}

/** The latest events, the newest on top, and those that arrive for as long as this is looked at. */
export function LiveTail({ name }: { readonly name: string | null }) {
  const environment = useEnvironment()
  const { events: arrived, status, error, isPaused, setPaused, hasGap } = useLiveTail(name)
  const newest = useQuery(newestQuery(environment, name, status === 'live'))
  const events = together(arrived, newest.data?.data ?? [])
  return (
    <>
      <Group justify="space-between" my="sm" mih={30}>
        <Group gap={8} wrap="nowrap">
          <span className={classes.dot} data-status={isPaused ? 'paused' : status} aria-hidden />
          <Text size="sm" c="dimmed" role="status">
            {isPaused ? 'Paused' : WORDS[status]}
          </Text>
        </Group>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Icon name={isPaused ? 'play' : 'pause'} size={12} />}
          onClick={() => setPaused(!isPaused)}
        >
          {isPaused ? 'Go on' : 'Pause'}
        </Button>
      </Group>
      {error != null && <ErrorState error={error} />}
      {hasGap && (
        <Text size="xs" c="dimmed" mb="xs">
          More arrives than can be read: some events are left out here. All of them are stored.
        </Text>
      )}
      {events.length > 0 ? (
        <DataTable
          label="Events as they arrive"
          columns={SHOWN}
          rows={events}
          rowId={({ eventId }) => eventId}
          rowHref={({ eventId }) => environment.paths.event(eventId)}
        />
      ) : (
        <NoneYet newest={newest} name={name} />
      )}
    </>
  )
}

function NoneYet({
  newest,
  name,
}: {
  readonly newest: UseQueryResult<{ hasEvents: boolean } | undefined>
  readonly name: string | null
}) {
  if (newest.isPending) return <RowsSkeleton />
  if (newest.error) return <ErrorState error={newest.error} onRetry={() => void newest.refetch()} />
  if (!newest.data?.hasEvents) return <SendFirstEvent />
  return (
    <EmptyState title={name === null ? 'Nothing arrived lately' : `No ${name} arrived lately`}>
      What was recorded earlier is found by its customer or its key. New events appear here.
    </EmptyState>
  )
}

function together(
  arrived: readonly UsageEvent[],
  newest: readonly UsageEvent[],
): readonly UsageEvent[] {
  const known = new Set(arrived.map(({ eventId }) => eventId))
  return [...arrived, ...newest.filter(({ eventId }) => !known.has(eventId))]
}

const WORDS = {
  connecting: 'Connecting…',
  live: 'Live: events appear as they are recorded. Filter by customer to see all that one used.',
  lost: 'The connection was lost. Trying again…',
} as const

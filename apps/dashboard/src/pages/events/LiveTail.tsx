import { Button, Group, Text } from '@mantine/core'
import { useEnvironment } from '../../api/environment.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { eventColumns } from './events-list.tsx'
import classes from './LiveTail.module.css'
import { useLiveTail } from './live-tail.ts'
import { SendFirstEvent } from './SendFirstEvent.tsx'

const SHOWN = eventColumns.filter(({ isExtra }) => !isExtra)

/** The latest events, the newest on top, for as long as this is looked at. */
export function LiveTail({ name }: { readonly name: string | null }) {
  const { paths } = useEnvironment()
  const { events, status, error, isPaused, setPaused, hasGap } = useLiveTail(name)
  return (
    <>
      <Group justify="space-between" my="sm" mih={30}>
        <Group gap={8}>
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
      {events.length === 0 ? (
        <SendFirstEvent />
      ) : (
        <DataTable
          label="Events as they arrive"
          columns={SHOWN}
          rows={events}
          rowId={({ eventId }) => eventId}
          rowHref={({ eventId }) => paths.event(eventId)}
        />
      )}
    </>
  )
}

const WORDS = {
  connecting: 'Connecting…',
  live: 'Live: events appear as they are recorded. Filter by customer to see those of before.',
  lost: 'The connection was lost. Trying again…',
} as const

import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { clockQuery } from '../../components/EnvironmentSwitch.tsx'
import { Form } from '../../ui/form.tsx'
import { Facts } from '../../ui/page.tsx'
import { BlockSkeleton, ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/values.tsx'

const MOVING_ASKED_MS = 700

const LEAPS = [
  { label: '1 hour', months: 0, ms: 3_600_000 },
  { label: '1 day', months: 0, ms: 86_400_000 },
  { label: '1 month', months: 1, ms: 0 },
  { label: '1 year', months: 12, ms: 0 },
] as const

/** The time of the test environment, which only goes forward: what falls due on the way is done. */
export function TestClock() {
  const environment = useEnvironment()
  const refusal = useRefusal('clock:write')
  const [typed, setTyped] = useState('')
  const clock = useQuery({
    ...clockQuery(environment),
    refetchInterval: ({ state }) => (state.data?.isMoving ? MOVING_ASKED_MS : false),
  })
  const move = useAction((now: string, { environment: { api }, headers }) =>
    answered(api.POST('/api/v1/clock', { headers, body: { now } })),
  )
  const { data } = clock
  if (clock.error) return <ErrorState error={clock.error} onRetry={() => void clock.refetch()} />
  if (!data) return <BlockSkeleton height={200} />
  const isBusy = move.isPending || data.isMoving
  return (
    <Stack gap="lg" maw={620}>
      <Text c="dimmed">
        Move time forward to see periods end, invoices come and payments be tried, in seconds
        instead of months.
      </Text>
      <Facts
        facts={{
          'It is': <Time at={data.now} exact />,
          State: data.isMoving ? (
            <>
              on its way to <Time at={data.target ?? data.now} exact />
            </>
          ) : (
            'at rest'
          ),
        }}
      />
      <Group gap="xs">
        {LEAPS.map((leap) => (
          <Button
            key={leap.label}
            variant="default"
            disabled={isBusy || refusal !== null}
            onClick={() => move.mutate(later(data.now, leap))}
          >
            {leap.label}
          </Button>
        ))}
      </Group>
      <Form
        action="Move it there"
        isRunning={isBusy}
        error={move.error}
        refusal={refusal}
        onSubmit={() => {
          if (typed !== '') move.mutate(new Date(`${typed}Z`).toISOString())
        }}
      >
        <TextInput
          label="Or until"
          description="In UTC"
          type="datetime-local"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </Form>
    </Stack>
  )
}

function later(
  now: string,
  { months, ms }: { readonly months: number; readonly ms: number },
): string {
  const moved = new Date(new Date(now).getTime() + ms)
  moved.setUTCMonth(moved.getUTCMonth() + months)
  return moved.toISOString()
}

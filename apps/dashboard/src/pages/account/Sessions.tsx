import { Badge, Button, Group, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { callAccount } from '../../api/client.ts'
import type { paths } from '../../api/schema.gen.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { FormError } from '../../ui/form.tsx'
import { Time } from '../../ui/values.tsx'
import { deviceWords } from './user-agent.ts'

type Answer = paths['/api/v1/sessions']['get']['responses'][200]['content']['application/json']
type OwnSession = Answer['data'][number]

const KEY = ['sessions']

/** Every browser that the reader is signed in with, each of which can be signed out from here. */
export function Sessions() {
  const queries = useQueryClient()
  const onSuccess = () => queries.invalidateQueries({ queryKey: KEY })
  const end = useMutation({
    mutationFn: (id: string) => callAccount('DELETE', `/api/v1/sessions/${encodeURIComponent(id)}`),
    onSuccess,
  })
  const endOthers = useMutation({
    mutationFn: () => callAccount('POST', '/api/v1/sessions/end-others'),
    onSuccess,
  })
  const action: Column<OwnSession> = {
    id: 'actions',
    header: 'Actions',
    value: () => null,
    cell: ({ id, isCurrent, userAgent }) =>
      isCurrent ? (
        <Badge variant="default" size="sm" tt="none">
          this one
        </Badge>
      ) : (
        <Button
          size="compact-xs"
          variant="default"
          loading={end.isPending && end.variables === id}
          aria-label={`End the session of ${deviceWords(userAgent)}`}
          onClick={() => end.mutate(id)}
        >
          End
        </Button>
      ),
  }
  return (
    <Loaded
      height={120}
      query={{ queryKey: KEY, queryFn: () => callAccount<Answer>('GET', '/api/v1/sessions') }}
    >
      {({ data }) => (
        <Stack>
          <DataTable
            label="Sessions"
            rows={data}
            rowId={({ id }) => id}
            columns={[...COLUMNS, action]}
          />
          <FormError error={end.error ?? endOthers.error} />
          {data.length > 1 && (
            <Group>
              <Button
                variant="default"
                loading={endOthers.isPending}
                onClick={() => endOthers.mutate()}
              >
                End all others
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Loaded>
  )
}

const COLUMNS: readonly Column<OwnSession>[] = [
  { id: 'device', header: 'Where', value: ({ userAgent }) => deviceWords(userAgent) },
  { id: 'address', header: 'Address', value: ({ ipAddress }) => ipAddress },
  {
    id: 'seen',
    header: 'Last used',
    value: ({ lastSeenAt }) => lastSeenAt,
    cell: ({ lastSeenAt }) => <Time at={lastSeenAt} />,
  },
  {
    id: 'begun',
    header: 'Signed in',
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
]

import { Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { messageOf } from '../../api/errors.ts'
import { rangeUpTo, useEnvironmentNow } from '../../components/usage.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Section, Tile, Tiles } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Quantity } from '../../ui/values.tsx'
import { type MeterValues, problemsOf, ruleOf } from './meter-values.ts'

const WAIT_MS = 400

/** What the meter would say of the events of the last thirty days, as it is being described. */
export function MeterPreview({ values }: { readonly values: MeterValues }) {
  const { api, key } = useEnvironment()
  const now = useEnvironmentNow()
  const [settled] = useDebouncedValue(values, WAIT_MS)
  const rule = ruleOf(settled)
  const isReady = rule.eventName !== '' && Object.keys(problemsOf(settled)).length === 0
  const { data, error } = useQuery({
    queryKey: [...key, 'meters', 'preview', rule, now?.slice(0, 10)],
    queryFn: () => {
      const { from, to } = rangeUpTo(now ?? '', '30d')
      return answered(
        api.POST('/api/v1/meters/preview', { body: { ...rule, groupBy: [], from, to } }),
      )
    },
    enabled: isReady && now !== null,
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <Section title="On the events of the last 30 days">
      {error ? (
        <Text c="red" role="alert">
          {messageOf(error)}
        </Text>
      ) : !data || !isReady ? (
        <EmptyState title="Nothing to show yet">
          Name an event, and what the meter would have counted appears here.
        </EmptyState>
      ) : (
        <Stack aria-live="polite">
          <Tiles>
            <Tile
              label="It would say"
              value={<Quantity value={data.total.quantity ?? '0'} />}
              hint={settled.unit || 'units'}
            />
            <Tile
              label="Events"
              value={<Quantity value={data.total.events} />}
              hint={
                data.total.notCounted === '0'
                  ? 'all of them count'
                  : `${data.total.notCounted} without a usable value`
              }
            />
          </Tiles>
          {data.data.length > 0 && (
            <DataTable
              label="By customer"
              rows={data.data}
              rowId={(row) => `${row.customerId} ${row.from}`}
              columns={[
                { id: 'customer', header: 'Customer', value: (row) => row.customerId ?? null },
                {
                  id: 'quantity',
                  header: 'Quantity',
                  align: 'right',
                  value: ({ quantity }) => quantity,
                  cell: ({ quantity }) => <Quantity value={quantity} />,
                },
              ]}
            />
          )}
        </Stack>
      )}
    </Section>
  )
}

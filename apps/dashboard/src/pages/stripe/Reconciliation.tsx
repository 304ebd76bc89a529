import { Box, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import type { StripeTrigger } from '../../api/records.ts'
import { useNow } from '../../clock.ts'
import { List } from '../../components/ListPage.tsx'
import { useList } from '../../components/list-query.ts'
import { type ListState, useListState } from '../../components/list-state.ts'
import { formatInstant, formatQuantity } from '../../ui/format.ts'
import { EmptyState, Notice, RowsSkeleton } from '../../ui/states.tsx'
import { StateBadge } from '../../ui/values.tsx'
import { reconciliationList } from './reconciliation-list.tsx'
import { SPANS, spanDays, spanName, spanOf } from './reconciliation-span.ts'
import { connectionQuery } from './stripe-queries.ts'

const OF_SPAN = ['span', 'from', 'to']
const OF_LIST = ['customerId']

/** What we have of each customer, beside what Stripe says that it has. */
export function Reconciliation({ trigger }: { readonly trigger: StripeTrigger }) {
  const { data } = useQuery(connectionQuery(useEnvironment()))
  if (data === undefined) return <RowsSkeleton />
  if (data.connection?.accountId !== trigger.accountId)
    return (
      <EmptyState title="Stripe cannot be asked">
        The account {trigger.accountId} is not connected. What was sent to it stands in the records.
      </EmptyState>
    )
  return <Compared triggerId={trigger.id} />
}

function Compared({ triggerId }: { readonly triggerId: string }) {
  const { paths } = useEnvironment()
  const state = useListState(OF_SPAN)
  const span = spanOf(state.filters, useNow())
  const asked = { triggerId, ...span }
  return (
    <Stack gap="md">
      <Span state={state} />
      <Text size="xs" c="dimmed">
        Whole hours from {formatInstant(span.from)} to {formatInstant(span.to)}. The hour under way
        is left out, as Stripe sums up a moment later.
      </Text>
      <Verdict asked={asked} />
      <Box>
        <List
          list={reconciliationList}
          label="Reconciliation"
          fixed={asked}
          rowHref={({ customerId }) =>
            `${paths.stripeTrigger(triggerId)}?customerId=${encodeURIComponent(customerId)}`
          }
          empty={
            <EmptyState title="Nothing to compare">
              No usage of these hours was to be told. Take a longer time.
            </EmptyState>
          }
        />
      </Box>
    </Stack>
  )
}

function Span({ state }: { readonly state: ListState }) {
  const now = useNow()
  const name = spanName(state.filters)
  const days = spanDays(state.filters, now)
  return (
    <Group gap="xs" align="flex-end">
      <SegmentedControl
        size="xs"
        aria-label="Time"
        value={name}
        onChange={(span) => state.setFilter('span', span)}
        data={[
          ...Object.entries(SPANS).map(([value, { label }]) => ({ value, label })),
          { value: 'days', label: 'Days' },
        ]}
      />
      {name === 'days' &&
        (['from', 'to'] as const).map((side) => (
          <TextInput
            key={side}
            size="xs"
            type="date"
            aria-label={side === 'from' ? 'First day, in UTC' : 'Last day, in UTC'}
            value={days[side]}
            onChange={({ currentTarget: { value } }) => state.setFilter(side, value || null)}
          />
        ))}
    </Group>
  )
}

/** Says in words whether they are equal, as far as the list was read. */
function Verdict({ asked }: { readonly asked: Readonly<Record<string, string>> }) {
  const { filters } = useListState(OF_LIST)
  const { query, rows } = useList(reconciliationList, { ...filters, ...asked })
  const linked = rows.filter(({ difference }) => difference !== null)
  if (linked.length === 0 || query.isPlaceholderData) return null
  const differing = linked.filter(({ difference }) => difference !== '0')
  const whom = `${customers(linked.length)}${query.hasNextPage ? ' looked at so far' : ''}`
  if (differing.length > 0)
    return (
      <Notice tone="bad" title={`Of ${whom}, ${howMany(differing.length)}`}>
        <Text>
          What was sent in the last minutes may not be in the sums of Stripe yet: look again in a
          while. A difference that stays comes from somebody else who writes to the same meter of
          Stripe.
        </Text>
      </Notice>
    )
  const isOpen = rows.some(({ waiting, sending, refused }) =>
    [waiting, sending, refused].some((value) => value !== '0'),
  )
  return (
    <Text role="status">
      <StateBadge state="equal" label="All equal" /> Of {whom}, Stripe has exactly what was sent.
      {isOpen && ' Not all was sent: see what waits and what was refused.'}
    </Text>
  )
}

function customers(count: number): string {
  return count === 1 ? 'one customer' : `${formatQuantity(String(count))} customers`
}

function howMany(count: number): string {
  return count === 1 ? 'one differs' : `${formatQuantity(String(count))} differ`
}

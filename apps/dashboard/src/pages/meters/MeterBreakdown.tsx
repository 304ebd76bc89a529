import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEnvironment } from '../../api/environment.tsx'
import type { Meter } from '../../api/records.ts'
import { monthAround, usageQuery } from '../../components/usage.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/states.tsx'
import { Nothing, Quantity } from '../../ui/values.tsx'
import { CustomerLink } from '../customers/CustomerName.tsx'
import { type Group, groupId, groupName, partOf } from './breakdown.ts'
import classes from './MeterBreakdown.module.css'

const TOP = 10
const CUSTOMER = 'customer'

/** The usage of the month under way by customer, or by a property that the meter is broken down by. */
export function MeterBreakdown({ meter, now }: { readonly meter: Meter; readonly now: string }) {
  const { by } = useSearch({ strict: false }) as { by?: string }
  const navigate = useNavigate()
  const groupBy = by !== undefined && meter.groupBy.includes(by) ? by : CUSTOMER
  const show = (chosen: string): void => {
    const search = chosen === CUSTOMER ? {} : { by: chosen }
    void navigate({ to: '.', search, replace: true } as Parameters<typeof navigate>[0])
  }
  return (
    <>
      {meter.groupBy.length > 0 && (
        <SegmentedControl
          size="xs"
          mb="xs"
          aria-label="Broken down by"
          value={groupBy}
          onChange={show}
          data={[
            { value: CUSTOMER, label: 'Customer' },
            ...meter.groupBy.map((property) => ({ value: property, label: property })),
          ]}
        />
      )}
      <Groups key={groupBy} meter={meter} now={now} groupBy={groupBy} />
    </>
  )
}

function Groups({
  meter,
  now,
  groupBy,
}: {
  readonly meter: Meter
  readonly now: string
  readonly groupBy: string
}) {
  const environment = useEnvironment()
  const question = { meter: meter.key, ...monthAround(now), groupBy, limit: TOP }
  const { data, error, refetch } = useQuery(usageQuery(environment, question))
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <RowsSkeleton rows={4} />
  if (data.data.length === 0)
    return <EmptyState title="Nothing used">No event of this month is counted.</EmptyState>
  const isByCustomer = groupBy === CUSTOMER
  return (
    <DataTable
      label={`Most of this month by ${groupBy}`}
      rows={data.data}
      rowId={groupId}
      columns={[
        isByCustomer ? CUSTOMERS : propertyColumn(groupBy),
        comparedColumn(data.data),
        {
          id: 'events',
          header: 'Events',
          align: 'right',
          value: ({ events }) => events,
          cell: ({ events }) => <Quantity value={events} />,
        },
        {
          id: 'quantity',
          header: data.unit || 'Quantity',
          align: 'right',
          value: ({ quantity }) => quantity,
          cell: ({ quantity }) => <Quantity value={quantity} />,
        },
      ]}
    />
  )
}

const CUSTOMERS: Column<Group> = {
  id: 'group',
  header: 'Customer',
  value: groupName,
  cell: (group) => <CustomerLink customerId={groupName(group)} />,
}

function propertyColumn(property: string): Column<Group> {
  return {
    id: 'group',
    header: property,
    value: groupName,
    cell: (group) => (group.group == null ? <Nothing /> : <bdi>{groupName(group)}</bdi>),
  }
}

/** A bar for each, the greatest as long as there is room; the figures beside it say the same. */
function comparedColumn(groups: readonly Group[]): Column<Group> {
  return {
    id: 'compared',
    header: 'Compared',
    value: (group) => partOf(group, groups),
    cell: (group) => (
      <span className={classes.track} aria-hidden>
        <span className={classes.bar} style={{ width: `${partOf(group, groups) * 100}%` }} />
      </span>
    ),
  }
}

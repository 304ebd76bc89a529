import { Group, SegmentedControl } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useEnvironment } from '../api/environment.tsx'
import type { Meter } from '../api/records.ts'
import { type Bar, Chart } from '../ui/Chart.tsx'
import { formatQuantity } from '../ui/format.ts'
import { BlockSkeleton, ErrorState } from '../ui/states.tsx'
import { RANGES, type RangeName, rangeUpTo, usageQuery } from './usage.ts'

const HEIGHT = 282

/** What a meter said over time, of all customers or of one. */
export function UsageChart({
  meter,
  now,
  customerId,
  title = meter.name,
  chooser,
}: {
  readonly meter: Pick<Meter, 'key' | 'name' | 'unit'>
  readonly now: string
  readonly customerId?: string
  readonly title?: string
  /** Stands beside the range, for what else can be chosen. */
  readonly chooser?: ReactNode
}) {
  const environment = useEnvironment()
  const [range, setRange] = useState<RangeName>('30d')
  const { from, to, window } = rangeUpTo(now, range)
  const { data, error, refetch } = useQuery({
    ...usageQuery(environment, {
      meter: meter.key,
      from,
      to,
      window,
      limit: 1_000,
      ...(customerId === undefined ? {} : { customerId }),
    }),
    placeholderData: keepPreviousData,
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <BlockSkeleton height={HEIGHT} />
  const total = formatQuantity(data.total.quantity ?? '0')
  return (
    <>
      <Group justify="space-between" gap="xs" mb="xs">
        {chooser}
        <SegmentedControl
          ml="auto"
          size="xs"
          aria-label="Range"
          value={range}
          onChange={(value) => setRange(value as RangeName)}
          data={Object.entries(RANGES).map(([value, { label }]) => ({
            value,
            label: label.replace('Last ', ''),
          }))}
        />
      </Group>
      <Chart
        title={`${title}: ${total} ${data.unit}`}
        unit={data.unit}
        bars={data.data.map((bucket) => barOf(bucket, window, now))}
      />
    </>
  )
}

type Bucket = { readonly from: string; readonly to: string; readonly quantity: string | null }

function barOf(bucket: Bucket, window: 'hour' | 'day', now: string): Bar {
  const format = new Intl.DateTimeFormat(undefined, {
    timeZone: 'UTC',
    ...(window === 'hour'
      ? { hour: '2-digit', minute: '2-digit' }
      : { day: 'numeric', month: 'short' }),
  })
  return {
    label: format.format(new Date(bucket.from)),
    value: bucket.quantity === null ? null : Number(bucket.quantity),
    exact: bucket.quantity === null ? 'none' : formatQuantity(bucket.quantity),
    isOpen: bucket.from <= now && now < bucket.to,
  }
}

import { Stack } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { useEnvironment } from '../../api/environment.tsx'
import type { Meter } from '../../api/records.ts'
import { metersQuery, oldestFirst } from '../../components/catalog.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { MeterChoice } from '../../components/MeterChoice.tsx'
import { UsageChart } from '../../components/UsageChart.tsx'
import { monthAround, usageQuery, useEnvironmentNow } from '../../components/usage.ts'
import { Section, Tile, Tiles } from '../../ui/page.tsx'
import { BlockSkeleton, EmptyState } from '../../ui/states.tsx'
import { Quantity } from '../../ui/values.tsx'

const TILES_MAX = 8

/** What one customer has used this month, by meter, and one of the meters over time. */
export function CustomerUsage({ customerId }: { readonly customerId: string }) {
  const environment = useEnvironment()
  const now = useEnvironmentNow()
  if (now === null) return <BlockSkeleton height={360} />
  return (
    <Loaded query={metersQuery(environment)} height={360}>
      {(meters) =>
        meters.length === 0 ? (
          <EmptyState title="No meters yet">
            A meter says what of the events is counted. Make one to see usage here.
          </EmptyState>
        ) : (
          <UsageByMeter meters={oldestFirst(meters)} customerId={customerId} now={now} />
        )
      }
    </Loaded>
  )
}

/** What the customer uses comes first; what others use is not in the way. */
function UsageByMeter({
  meters,
  customerId,
  now,
}: {
  readonly meters: readonly Meter[]
  readonly customerId: string
  readonly now: string
}) {
  const environment = useEnvironment()
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = meters.slice(0, TILES_MAX)
  const answers = useQueries({
    queries: shown.map(({ key }) =>
      usageQuery(environment, { meter: key, customerId, ...monthAround(now) }),
    ),
  })
  if (answers.some(({ isPending }) => isPending)) return <BlockSkeleton height={360} />
  const months = shown.map((meter, index) => ({
    meter,
    quantity: answers[index]?.data?.total.quantity ?? '0',
  }))
  const used = months.filter(({ quantity }) => quantity !== '0')
  const meter = meters.find(({ key }) => key === chosen) ?? used[0]?.meter ?? meters[0]
  return (
    <Stack gap="lg">
      <Tiles>
        {(used.length > 0 ? used : months).map(({ meter: { key, name, unit }, quantity }) => (
          <Tile
            key={key}
            label={name}
            value={<Quantity value={quantity} />}
            hint={`${unit || 'units'} this month`}
          />
        ))}
      </Tiles>
      {meter && (
        <Section title="Over time">
          <UsageChart
            meter={meter}
            now={now}
            customerId={customerId}
            chooser={<MeterChoice meters={meters} chosen={meter.key} onChange={setChosen} />}
          />
        </Section>
      )}
    </Stack>
  )
}

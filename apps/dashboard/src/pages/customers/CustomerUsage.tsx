import { Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useEnvironment } from '../../api/environment.tsx'
import { metersQuery } from '../../components/catalog.ts'
import { Loaded } from '../../components/Loaded.tsx'
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
  const [chosen, setChosen] = useState<string | null>(null)
  if (now === null) return <BlockSkeleton height={360} />
  return (
    <Loaded query={metersQuery(environment)} height={360}>
      {(meters) => {
        const meter = meters.find(({ key }) => key === chosen) ?? meters[0]
        if (!meter)
          return (
            <EmptyState title="No meters yet">
              A meter says what of the events is counted. Make one to see usage here.
            </EmptyState>
          )
        return (
          <Stack gap="lg">
            <Tiles>
              {meters.slice(0, TILES_MAX).map(({ key, name, unit }) => (
                <MonthTile key={key} {...{ meter: key, name, unit, customerId, now }} />
              ))}
            </Tiles>
            <Section
              title="Over time"
              aside={
                <Select
                  size="xs"
                  aria-label="Meter"
                  value={meter.key}
                  onChange={setChosen}
                  allowDeselect={false}
                  data={meters.map(({ key, name }) => ({ value: key, label: name }))}
                />
              }
            >
              <UsageChart meter={meter} now={now} customerId={customerId} />
            </Section>
          </Stack>
        )
      }}
    </Loaded>
  )
}

function MonthTile({
  meter,
  name,
  unit,
  customerId,
  now,
}: {
  readonly meter: string
  readonly name: string
  readonly unit: string
  readonly customerId: string
  readonly now: string
}) {
  const environment = useEnvironment()
  const { data } = useQuery(usageQuery(environment, { meter, customerId, ...monthAround(now) }))
  return (
    <Tile
      label={name}
      value={data ? <Quantity value={data.total.quantity ?? '0'} /> : '\u00a0'}
      hint={`${unit || 'units'} this month`}
    />
  )
}

import { useState } from 'react'
import { useEnvironment } from '../../api/environment.tsx'
import { metersQuery, oldestFirst } from '../../components/catalog.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { MeterChoice } from '../../components/MeterChoice.tsx'
import { UsageChart } from '../../components/UsageChart.tsx'
import { EmptyState } from '../../ui/states.tsx'

/** One meter over time; which, is chosen here. */
export function MeterUsage({ now }: { readonly now: string }) {
  const environment = useEnvironment()
  const [chosen, setChosen] = useState<string | null>(null)
  return (
    <Loaded query={metersQuery(environment)} height={320}>
      {(meters) => {
        const meter = meters.find(({ key }) => key === chosen) ?? oldestFirst(meters)[0]
        if (!meter)
          return (
            <EmptyState
              title="Nothing is metered yet"
              action={
                <GuardedButton permission="catalog:write" to={environment.paths.newMeter}>
                  New meter
                </GuardedButton>
              }
            >
              A meter turns events into a quantity, like the sum of tokens or the number of calls.
              It also counts the events that were sent before it was made.
            </EmptyState>
          )
        return (
          <UsageChart
            meter={meter}
            now={now}
            chooser={<MeterChoice meters={meters} chosen={meter.key} onChange={setChosen} />}
          />
        )
      }}
    </Loaded>
  )
}

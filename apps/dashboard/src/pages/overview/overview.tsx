import { SimpleGrid, Stack } from '@mantine/core'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { Overview } from '../../api/records.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { PageHeader, Section } from '../../ui/page.tsx'
import { Attention } from './Attention.tsx'
import { FirstRun } from './FirstRun.tsx'
import { MeterUsage } from './MeterUsage.tsx'
import { MoneyTiles } from './MoneyTiles.tsx'
import { RevenueChart } from './RevenueChart.tsx'
import { TopCustomers } from './TopCustomers.tsx'

const REFRESH_MS = 15_000

function overviewQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'overview'],
    queryFn: () => answered(api.GET('/api/v1/overview')),
    refetchInterval: REFRESH_MS,
  }
}

/** How the environment is doing: what came in, what is used, and what needs somebody. */
export function OverviewPage() {
  const environment = useEnvironment()
  return (
    <>
      <PageHeader
        title="Overview"
        sentence={`How ${environment.organization.name} is doing${environment.mode === 'test' ? ' in the test environment' : ''}.`}
      />
      <Loaded query={overviewQuery(environment)} height={640}>
        {(overview) => <Figures overview={overview} />}
      </Loaded>
    </>
  )
}

function Figures({ overview }: { readonly overview: Overview }) {
  return (
    <Stack gap={0}>
      <FirstRun overview={overview} />
      <MoneyTiles overview={overview} />
      <Attention overview={overview} />
      <Section title="Usage">
        <MeterUsage now={overview.now} />
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title="Revenue by month">
          <RevenueChart overview={overview} />
        </Section>
        <Section title="Top customers of six months">
          <TopCustomers overview={overview} />
        </Section>
      </SimpleGrid>
    </Stack>
  )
}

import { Group, Select, Stack, TextInput } from '@mantine/core'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useAction } from '../../api/action.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Plan } from '../../api/records.ts'
import { useNow } from '../../clock.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader, Section } from '../../ui/page.tsx'
import { type Compared, Comparison } from './Comparison.tsx'
import { PlanForm } from './PlanForm.tsx'
import { planQuery } from './plan.tsx'
import { EMPTY, type PlanValues, valuesOf, versionBody } from './plan-values.ts'
import { latestVersion } from './price-words.ts'
import { type SimulatedRow, type SimulationAsked, simulateAll } from './simulation.ts'

const DRAFT = 'draft'
const MONTHS_BACK = 3

type Search = Readonly<Record<'prices' | 'customers' | 'from' | 'to', string | undefined>>

/** What customers would have been billed by a version of a plan, or by a draft that is not stored. */
export function SimulatePage() {
  const environment = useEnvironment()
  const { planKey } = useParams({ strict: false }) as { planKey: string }
  return (
    <Loaded query={planQuery(environment, planKey)} height={520}>
      {(plan) => <Simulate plan={plan} />}
    </Loaded>
  )
}

/** Everything but the draft stands in the address. */
function useAsked(plan: Plan) {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const now = useNow()
  const set = (changes: Partial<Search>): void => {
    void navigate({
      to: '.',
      search: (before: Search) => ({ ...before, ...changes }),
      replace: true,
    } as Parameters<typeof navigate>[0])
  }
  const firstDay = (months: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1))
      .toISOString()
      .slice(0, 10)
  return {
    set,
    prices: search.prices ?? String(latestVersion(plan)?.version ?? DRAFT),
    customers: search.customers ?? '',
    from: search.from ?? firstDay(-MONTHS_BACK),
    to: search.to ?? firstDay(0),
  }
}

function Simulate({ plan }: { readonly plan: Plan }) {
  const { set, prices, customers, from, to } = useAsked(plan)
  const simulate = useAction((by: SimulationAsked['plan'], { environment }) =>
    simulateAll(environment, {
      plan: by,
      from: `${from}T00:00:00Z`,
      to: `${to}T00:00:00Z`,
      ...whoIsAsked(customers, plan.key),
    }),
  )
  const latest = latestVersion(plan)
  const fields = (
    <Stack gap="md" mb="md" maw={720}>
      <Select
        label="At the prices of"
        allowDeselect={false}
        value={prices}
        onChange={(value) => set({ prices: value ?? undefined })}
        data={[
          ...plan.versions.map(({ version }) => ({
            value: String(version),
            label: `${plan.name}, version ${version}`,
          })),
          { value: DRAFT, label: 'A draft, which is not stored' },
        ]}
      />
      <TextInput
        label="Customers"
        description={`Their ids, with commas between; left empty, all who are on ${plan.name}`}
        value={customers}
        onChange={(event) => set({ customers: event.currentTarget.value || undefined })}
      />
      <Group grow>
        <TextInput
          label="Periods from"
          type="date"
          value={from}
          onChange={(event) => set({ from: event.currentTarget.value || undefined })}
        />
        <TextInput
          label="Until before"
          type="date"
          value={to}
          onChange={(event) => set({ to: event.currentTarget.value || undefined })}
        />
      </Group>
    </Stack>
  )
  return (
    <>
      <PageHeader
        title={`Simulate ${plan.name}`}
        sentence="What whole periods would have come to at other prices, with the usage that there was. Nothing is changed."
      />
      {prices === DRAFT ? (
        <>
          {fields}
          <PlanForm
            isNew={false}
            isDraft
            initial={{ ...EMPTY, ...(latest ? valuesOf(latest) : {}) }}
            action="Simulate"
            save={{
              ...simulate,
              mutate: (values: PlanValues) => simulate.mutate({ draft: versionBody(values) }),
            }}
          />
        </>
      ) : (
        <Form
          isGuarded={false}
          wide
          action="Simulate"
          isRunning={simulate.isPending}
          error={simulate.error}
          onSubmit={() => simulate.mutate({ plan: plan.key, version: Number(prices) })}
        >
          {fields}
        </Form>
      )}
      {simulate.data && (
        <Section title="What it would have come to">
          <Comparison
            label="Simulated"
            rows={simulate.data.rows.map(toCompared)}
            empty="No whole period of these customers lies within this time."
          />
        </Section>
      )}
    </>
  )
}

function whoIsAsked(customers: string, plan: string) {
  const named = customers
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  return named.length === 0 ? { on: { plan } } : { customers: named }
}

function toCompared({ before, after, refused, ...row }: SimulatedRow): Compared {
  return {
    ...row,
    beforeMinor: before.totalMinor,
    afterMinor: after?.totalMinor ?? null,
    refused: refused?.message ?? null,
  }
}

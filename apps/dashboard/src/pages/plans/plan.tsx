import { Select, Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { Plan, PlanVersion, Price } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { TaxRateName } from '../../components/TaxRateChoice.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { formatMajor } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Id, Money, StateBadge, Time } from '../../ui/values.tsx'
import { Calculator } from './Calculator.tsx'
import { creditWords, describePrice, flatWords, latestVersion, MODEL_NAMES } from './price-words.ts'

export function planQuery({ api, key }: Environment, plan: string) {
  return {
    queryKey: [...key, 'plans', plan],
    queryFn: () => answered(api.GET('/api/v1/plans/{plan}', { params: { path: { plan } } })),
  }
}

export function PlanPage() {
  const environment = useEnvironment()
  const { planKey } = useParams({ strict: false }) as { planKey: string }
  return (
    <Loaded query={planQuery(environment, planKey)} height={520}>
      {(plan) => <PlanRecord plan={plan} />}
    </Loaded>
  )
}

function PlanRecord({ plan }: { readonly plan: Plan }) {
  const { paths } = useEnvironment()
  const [chosen, setChosen] = useState<number | null>(null)
  const version = plan.versions.find((one) => one.version === chosen) ?? latestVersion(plan)
  const isOnSale = plan.archivedAt === null
  return (
    <RecordPage
      title={plan.name}
      badge={
        <StateBadge
          state={isOnSale ? 'active' : 'archived'}
          label={isOnSale ? 'on sale' : 'archived'}
        />
      }
      sentence={<Id value={plan.key} whole />}
      record={plan}
      call={`GET /api/v1/plans/${encodeURIComponent(plan.key)}`}
      actions={
        <>
          <ArchivePlan plan={plan} />
          <GuardedButton permission="billing:read" variant="default" to={paths.simulate(plan.key)}>
            Simulate
          </GuardedButton>
          <GuardedButton
            permission="billing:write"
            variant="default"
            to={paths.moveSubscriptions(plan.key)}
            refusal={plan.versions.length > 1 ? null : 'There is only one version.'}
          >
            Move subscriptions
          </GuardedButton>
          <GuardedButton
            permission="catalog:write"
            to={paths.newVersion(plan.key)}
            refusal={isOnSale ? null : 'The plan is archived.'}
          >
            New version
          </GuardedButton>
        </>
      }
      facts={version ? factsOf(plan, version) : {}}
    >
      {version && (
        <Section
          title={`Prices of version ${version.version}`}
          aside={
            plan.versions.length > 1 && (
              <Select
                size="xs"
                aria-label="Version"
                allowDeselect={false}
                value={String(version.version)}
                onChange={(value) => setChosen(Number(value))}
                data={plan.versions.map((one) => ({
                  value: String(one.version),
                  label: `Version ${one.version}`,
                }))}
              />
            )
          }
        >
          <Prices version={version} />
          <Calculator version={version} />
        </Section>
      )}
    </RecordPage>
  )
}

function factsOf(plan: Plan, version: PlanVersion) {
  const { baseMinor, currency, cycle, graceSeconds, baseInAdvance } = version
  return {
    'Base price': (
      <>
        <Money amountMinor={baseMinor} currency={currency} /> a {cycle}
      </>
    ),
    'Base price is due': baseInAdvance ? 'in advance' : 'at the end of a period',
    ...moreFactsOf(version),
    'Waits for late events': `${Math.round(graceSeconds / 60)} minutes`,
    Versions: plan.versions.length,
    Made: <Time at={plan.createdAt} />,
  }
}

/** What only some plans have. */
function moreFactsOf(version: PlanVersion) {
  const { minimum, currency, trialDays, netDays, credits, flatPrices, taxRate } = version
  return {
    ...(minimum === null ? {} : { 'Costs at least': formatMajor(minimum, currency) }),
    ...(trialDays === 0 ? {} : { Trial: `${trialDays} days` }),
    ...(netDays === 0 ? {} : { 'Paid within': `${netDays} days` }),
    ...(taxRate === null ? {} : { 'Rate of tax': <TaxRateName id={taxRate} /> }),
    ...(credits.length === 0
      ? {}
      : {
          'Credits of a period': credits.map((credit) => creditWords(credit, currency)).join(', '),
        }),
    ...(flatPrices.length === 0
      ? {}
      : { 'Fixed prices': flatPrices.map((flat) => flatWords(flat, currency)).join(', ') }),
  }
}

function Prices({ version }: { readonly version: PlanVersion }) {
  if (version.prices.length === 0)
    return (
      <EmptyState title="No usage is priced">
        Whoever is on this plan pays its base price, whatever they use.
      </EmptyState>
    )
  return (
    <DataTable<Price>
      label="Prices"
      rows={version.prices}
      rowId={({ meterId }) => meterId}
      columns={[
        { id: 'meter', header: 'Meter', value: ({ meter }) => meter },
        { id: 'model', header: 'Model', value: ({ model }) => MODEL_NAMES[model] },
        {
          id: 'price',
          header: 'Price',
          value: (price) => describePrice(price, version.currency).join('; '),
          cell: (price) => (
            <div>
              {describePrice(price, version.currency).map((text) => (
                <div key={text}>{text}</div>
              ))}
            </div>
          ),
        },
      ]}
    />
  )
}

function ArchivePlan({ plan }: { readonly plan: Plan }) {
  const [isOpen, setOpen] = useState(false)
  const archive = useAction(
    (_: undefined, { environment, headers }) =>
      answered(
        environment.api.POST('/api/v1/plans/{plan}/archive', {
          params: { path: { plan: plan.key } },
          headers,
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="catalog:write"
        variant="default"
        refusal={plan.archivedAt === null ? null : 'It is archived already.'}
        onClick={() => setOpen(true)}
      >
        Archive
      </GuardedButton>
      <ConfirmDialog
        title={`Take ${plan.name} off sale?`}
        action="Take it off sale"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => archive.mutate(undefined)}
        isRunning={archive.isPending}
        error={archive.error}
        typed={plan.key}
      >
        <Text>
          Nobody can be put on it any more. Whoever is on it stays, and is billed as before.
        </Text>
      </ConfirmDialog>
    </>
  )
}

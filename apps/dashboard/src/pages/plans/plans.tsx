import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Plan } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { List, type ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { RecordTabs } from '../../components/RecordPage.tsx'
import { PageHeader } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Id, Money, StateBadge, Time } from '../../ui/values.tsx'
import { addOnsList } from '../add-ons/add-ons-list.tsx'
import { NewAddOn } from '../add-ons/NewAddOn.tsx'
import { couponsList } from '../coupons/coupons-list.tsx'
import { NewCoupon } from '../coupons/NewCoupon.tsx'
import { latestVersion } from './price-words.ts'

const plansList: ListDefinition<Plan> = {
  name: 'plans',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/plans', { params: { query: pageQuery(request) }, signal: request.signal }),
    ),
  rowId: ({ id }) => id,
  columns: [
    { id: 'name', header: 'Plan', value: ({ name }) => name },
    {
      id: 'key',
      header: 'Key',
      value: ({ key }) => key,
      cell: ({ key }) => <Id value={key} whole />,
    },
    {
      id: 'state',
      header: 'State',
      value: ({ archivedAt }) => (archivedAt === null ? 'on sale' : 'archived'),
      cell: ({ archivedAt }) => (
        <StateBadge
          state={archivedAt === null ? 'active' : 'archived'}
          label={archivedAt === null ? 'on sale' : 'archived'}
        />
      ),
    },
    {
      id: 'version',
      header: 'Version',
      align: 'right',
      value: (plan) => latestVersion(plan)?.version ?? null,
    },
    {
      id: 'meters',
      header: 'Meters',
      value: (plan) =>
        latestVersion(plan)
          ?.prices.map(({ meter }) => meter)
          .join(', ') ?? null,
    },
    {
      id: 'base',
      header: 'Base price',
      align: 'right',
      value: (plan) => BigInt(latestVersion(plan)?.baseMinor ?? '0'),
      exported: (plan) => latestVersion(plan)?.basePrice ?? '',
      cell: (plan) => {
        const version = latestVersion(plan)
        if (!version) return null
        return (
          <span>
            <Money amountMinor={version.baseMinor} currency={version.currency} /> a {version.cycle}
          </span>
        )
      },
    },
    {
      id: 'currency',
      header: 'Currency',
      value: (plan) => latestVersion(plan)?.currency ?? null,
      isExtra: true,
    },
    {
      id: 'created',
      header: 'Made',
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
      isExtra: true,
    },
  ],
}

const EXAMPLE = `curl -X POST ${window.location.origin}/api/v1/plans \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY" -H "content-type: application/json" \\
  -d '{"key": "pro", "name": "Pro", "currency": "USD", "cycle": "month", "basePrice": "100",
       "prices": [{"meter": "API_CALL", "model": "per_unit", "includedUnits": "10000", "unitPrice": "0.01"}]}'`

export function PlansPage() {
  return (
    <>
      <PageHeader
        title="Plans"
        sentence="What you sell. A subscription keeps the version of the plan that it was made with."
        actions={
          <>
            <NewCoupon />
            <NewAddOn />
            <NewPlan />
          </>
        }
      />
      <RecordTabs
        tabs={[
          { id: 'plans', label: 'Plans', content: <Plans /> },
          { id: 'add-ons', label: 'Add-ons', content: <AddOns /> },
          { id: 'coupons', label: 'Coupons', content: <Coupons /> },
        ]}
      />
    </>
  )
}

function NewPlan() {
  const { paths } = useEnvironment()
  return (
    <GuardedButton permission="catalog:write" to={paths.newPlan}>
      New plan
    </GuardedButton>
  )
}

function Plans() {
  const { paths } = useEnvironment()
  return (
    <List
      list={plansList}
      label="Plans"
      rowHref={({ key }) => paths.plan(key)}
      empty={
        <EmptyState title="No plans yet" action={<NewPlan />} example={EXAMPLE}>
          A plan is a base price for a period, and prices for what meters say: by the unit, in
          packages, or in tiers.
        </EmptyState>
      }
    />
  )
}

function AddOns() {
  return (
    <List
      list={addOnsList}
      label="Add-ons"
      empty={
        <EmptyState title="No add-ons yet">
          An add-on is what a subscription can have beside its plan: more seats, support, a set-up.
        </EmptyState>
      }
    />
  )
}

function Coupons() {
  return (
    <List
      list={couponsList}
      label="Coupons"
      empty={
        <EmptyState title="No coupons yet">
          A coupon takes a part or an amount off the invoices of a customer or a subscription.
        </EmptyState>
      }
    />
  )
}

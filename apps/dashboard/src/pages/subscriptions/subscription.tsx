import { Alert, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import { ApiError } from '../../api/errors.ts'
import type { SubscriptionWithPeriods } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { List } from '../../components/ListPage.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { formatPeriod, formatQuantity } from '../../ui/format.ts'
import { PageLink } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Id, Money, Nothing, Quantity, StateBadge, Time } from '../../ui/values.tsx'
import { GivenCoupons } from '../coupons/GivenCoupons.tsx'
import { CustomerLink, CustomerName } from '../customers/CustomerName.tsx'
import { InvoiceSums } from '../invoices/InvoiceSums.tsx'
import { invoicesList } from '../invoices/invoices-list.tsx'
import { PreviewLines } from '../invoices/PreviewLines.tsx'
import { planQuery } from '../plans/plan.tsx'
import { Timeline } from '../timeline/Timeline.tsx'
import { ItsAddOns } from './ItsAddOns.tsx'
import { overrideWords } from './override-values.ts'
import { ParkedAlert } from './ParkedAlert.tsx'
import { StepDialog, SubscriptionActions } from './SubscriptionActions.tsx'

export function subscriptionQuery({ api, key }: Environment, subscriptionId: string) {
  return {
    queryKey: [...key, 'subscriptions', subscriptionId],
    queryFn: () =>
      answered(
        api.GET('/api/v1/subscriptions/{subscriptionId}', { params: { path: { subscriptionId } } }),
      ),
  }
}

export function SubscriptionPage() {
  const environment = useEnvironment()
  const { subscriptionId } = useParams({ strict: false }) as { subscriptionId: string }
  return (
    <Loaded query={subscriptionQuery(environment, subscriptionId)} height={520}>
      {(subscription) => <SubscriptionRecord subscription={subscription} />}
    </Loaded>
  )
}

function SubscriptionRecord({ subscription }: { readonly subscription: SubscriptionWithPeriods }) {
  const { paths } = useEnvironment()
  const { id, customerId, plan, planVersion, status, quantity } = subscription
  return (
    <RecordPage
      title={
        <>
          <CustomerName customerId={customerId} /> on {plan}
        </>
      }
      badge={<StateBadge state={status} />}
      sentence={<Id value={id} whole />}
      record={subscription}
      call={`GET /api/v1/subscriptions/${id}`}
      actions={<SubscriptionActions subscription={subscription} />}
      facts={{
        Customer: <CustomerLink customerId={customerId} />,
        Plan: (
          <PageLink to={paths.plan(plan)}>
            {plan}, version {planVersion}
          </PageLink>
        ),
        Quantity: <Quantity value={quantity} />,
        Cycle: `every ${subscription.cycle}, ${subscription.timeZone}`,
        Started: <Time at={subscription.startedAt} />,
        ...moreFactsOf(subscription),
        Ends: subscription.cancelAt ? <Time at={subscription.cancelAt} /> : <Nothing />,
      }}
      tabs={[
        { id: 'preview', label: 'Under way', content: <UnderWay subscription={subscription} /> },
        {
          id: 'extras',
          label: 'Add-ons and coupons',
          content: (
            <>
              <ItsAddOns subscription={subscription} />
              <GivenCoupons owner={{ customerId, subscriptionId: id }} />
            </>
          ),
        },
        { id: 'periods', label: 'Periods', content: <Periods subscription={subscription} /> },
        { id: 'invoices', label: 'Invoices', content: <ItsInvoices subscriptionId={id} /> },
        {
          id: 'timeline',
          label: 'Timeline',
          content: <Timeline about={{ customerId, subscriptionId: id }} />,
        },
      ]}
    >
      <PlannedChange subscription={subscription} />
      <PlannedEnd subscription={subscription} />
      {subscription.parkedReason !== null && (
        <ParkedAlert subscriptionId={id} reason={subscription.parkedReason} />
      )}
    </RecordPage>
  )
}

/** What only some have. */
function moreFactsOf(subscription: SubscriptionWithPeriods) {
  const { trialEndsAt, overrides, spendThresholdMinor } = subscription
  return {
    ...(trialEndsAt === null ? {} : { 'Trial ends': <Time at={trialEndsAt} /> }),
    ...(overrides === null ? {} : { 'Its own': overrideWords(overrides) }),
    ...(spendThresholdMinor === null
      ? {}
      : {
          'Billed early': (
            <Threshold subscription={subscription} amountMinor={spendThresholdMinor} />
          ),
        }),
  }
}

/** In the currency of its plan, which the plan alone knows. */
function Threshold({
  subscription: { plan, planVersion },
  amountMinor,
}: {
  readonly subscription: SubscriptionWithPeriods
  readonly amountMinor: string
}) {
  const { data } = useQuery(planQuery(useEnvironment(), plan))
  const version = data?.versions.find((one) => one.version === planVersion)
  if (!version) return null
  return (
    <>
      at <Money amountMinor={amountMinor} currency={version.currency} />
    </>
  )
}

/** What it will be sold as instead. */
function PlannedChange({ subscription }: { readonly subscription: SubscriptionWithPeriods }) {
  const planned = subscription.scheduledChange
  if (planned === null) return null
  const { at, plan, planVersion, quantity, overrides } = planned
  return (
    <Planned title="A change is planned" subscription={subscription} takeBack="unschedule">
      From <Time at={at} exact />: {plan}, version {planVersion}, {formatQuantity(quantity)} times
      {overrides === null ? '' : `, with its own ${overrideWords(overrides)}`}.
    </Planned>
  )
}

function PlannedEnd({ subscription }: { readonly subscription: SubscriptionWithPeriods }) {
  const { cancelAt, status } = subscription
  if (cancelAt === null || status === 'canceled') return null
  return (
    <Planned title="It is canceled" subscription={subscription} takeBack="uncancel">
      It goes on until <Time at={cancelAt} exact />, and ends then.
    </Planned>
  )
}

/** What will become of it, which can be taken back until then. */
function Planned({
  title,
  subscription,
  takeBack,
  children,
}: {
  readonly title: string
  readonly subscription: SubscriptionWithPeriods
  readonly takeBack: 'unschedule' | 'uncancel'
  readonly children: ReactNode
}) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Alert color="gray" mt="md" title={title}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">{children}</Text>
        <GuardedButton
          permission="billing:write"
          variant="default"
          size="xs"
          onClick={() => setOpen(true)}
        >
          Take it back
        </GuardedButton>
      </Group>
      {isOpen && (
        <StepDialog subscription={subscription} step={takeBack} onClose={() => setOpen(false)} />
      )}
    </Alert>
  )
}

const PREVIEW_ASKED_MS = 15_000

/** In a trial or a pause there is no invoice to come: no error, but something to be told. */
function nullWhenNotBilled(failure: unknown): null {
  if (failure instanceof ApiError && failure.code === 'invoice.nothing_to_preview') return null
  throw failure
}

/** What the invoice of the period under way would say if it ended now. */
function UnderWay({ subscription }: { readonly subscription: SubscriptionWithPeriods }) {
  const { api, key } = useEnvironment()
  if (subscription.status === 'canceled')
    return <EmptyState title="It is over">No period is under way.</EmptyState>
  const open = subscription.periods.find(({ state }) => state === 'open')
  if (open?.isBilled === false) return <NotBilled subscription={subscription} />
  return (
    <Loaded
      height={260}
      query={{
        queryKey: [...key, 'subscriptions', subscription.id, 'preview'],
        queryFn: () =>
          answered(
            api.GET('/api/v1/subscriptions/{subscriptionId}/preview', {
              params: { path: { subscriptionId: subscription.id } },
            }),
          ).catch(nullWhenNotBilled),
        refetchInterval: PREVIEW_ASKED_MS,
      }}
    >
      {(preview) =>
        preview === null ? (
          <NotBilled subscription={subscription} />
        ) : (
          <>
            <PreviewLines preview={preview} />
            <InvoiceSums invoice={preview} />
          </>
        )
      }
    </Loaded>
  )
}

function NotBilled({ subscription }: { readonly subscription: SubscriptionWithPeriods }) {
  if (subscription.trialEndsAt !== null)
    return (
      <EmptyState title="In a trial">
        Usage is counted, and never billed. The trial ends{' '}
        <Time at={subscription.trialEndsAt} exact />.
      </EmptyState>
    )
  return (
    <EmptyState title="Not billed now">
      Usage is counted, and not billed until the subscription goes on.
    </EmptyState>
  )
}

function Periods({ subscription }: { readonly subscription: SubscriptionWithPeriods }) {
  return (
    <DataTable
      label="Periods"
      rows={subscription.periods}
      rowId={({ start }) => start}
      columns={[
        {
          id: 'period',
          header: 'Period',
          value: ({ start }) => start,
          cell: ({ start, end }) => formatPeriod(start, end),
        },
        {
          id: 'state',
          header: 'State',
          value: ({ state }) => state,
          cell: ({ state }) => <StateBadge state={state} />,
        },
      ]}
    />
  )
}

const itsInvoices = {
  ...invoicesList,
  filters: [],
  columns: invoicesList.columns.filter(({ id }) => id !== 'customer'),
}

function ItsInvoices({ subscriptionId }: { readonly subscriptionId: string }) {
  const { paths } = useEnvironment()
  return (
    <List
      list={itsInvoices}
      label="Invoices"
      fixed={{ subscriptionId }}
      rowHref={({ id }) => paths.invoice(id)}
      empty={
        <EmptyState title="No invoices yet">
          The first one is made when the period under way ends.
        </EmptyState>
      }
    />
  )
}

import { useParams } from '@tanstack/react-router'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import { ApiError } from '../../api/errors.ts'
import type { SubscriptionWithPeriods } from '../../api/records.ts'
import { List } from '../../components/ListPage.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { formatPeriod } from '../../ui/format.ts'
import { PageLink } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Id, Nothing, Quantity, StateBadge, Time } from '../../ui/values.tsx'
import { CustomerName } from '../customers/CustomerName.tsx'
import { InvoiceSums } from '../invoices/InvoiceSums.tsx'
import { invoicesList } from '../invoices/invoices-list.tsx'
import { PreviewLines } from '../invoices/PreviewLines.tsx'
import { Timeline } from '../timeline/Timeline.tsx'
import { ParkedAlert } from './ParkedAlert.tsx'
import { SubscriptionActions } from './SubscriptionActions.tsx'

function subscriptionQuery({ api, key }: Environment, subscriptionId: string) {
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
        Customer: (
          <PageLink to={paths.customer(customerId)}>
            <CustomerName customerId={customerId} />
          </PageLink>
        ),
        Plan: (
          <PageLink to={paths.plan(plan)}>
            {plan}, version {planVersion}
          </PageLink>
        ),
        Quantity: <Quantity value={quantity} />,
        Cycle: `every ${subscription.cycle}, ${subscription.timeZone}`,
        Started: <Time at={subscription.startedAt} />,
        Ends: subscription.cancelAt ? <Time at={subscription.cancelAt} /> : <Nothing />,
      }}
      tabs={[
        { id: 'preview', label: 'Under way', content: <UnderWay subscription={subscription} /> },
        { id: 'periods', label: 'Periods', content: <Periods subscription={subscription} /> },
        { id: 'invoices', label: 'Invoices', content: <ItsInvoices subscriptionId={id} /> },
        {
          id: 'timeline',
          label: 'Timeline',
          content: <Timeline about={{ customerId, subscriptionId: id }} />,
        },
      ]}
    >
      {subscription.parkedReason !== null && (
        <ParkedAlert subscriptionId={id} reason={subscription.parkedReason} />
      )}
    </RecordPage>
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

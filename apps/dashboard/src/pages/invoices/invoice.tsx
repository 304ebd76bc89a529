import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { Invoice } from '../../api/records.ts'
import { plansQuery } from '../../components/catalog.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { formatPeriod } from '../../ui/format.ts'
import { PageLink, Section } from '../../ui/page.tsx'
import { Money, Nothing, Time } from '../../ui/values.tsx'
import { CustomerName } from '../customers/CustomerName.tsx'
import { BilledAtStripe } from '../stripe/BilledAtStripe.tsx'
import { Timeline } from '../timeline/Timeline.tsx'
import { InvoiceActions } from './InvoiceActions.tsx'
import { InvoiceBadge } from './InvoiceBadge.tsx'
import { CreditNotes, Payments } from './InvoiceHistory.tsx'
import { InvoiceLines } from './InvoiceLines.tsx'
import { InvoiceSums } from './InvoiceSums.tsx'
import { VerifyInvoice } from './VerifyInvoice.tsx'

/** The plan that it bills, by its name. */
function PlanOf({ invoice: { planId, planVersion } }: { readonly invoice: Invoice }) {
  const { data: plans = [] } = useQuery(plansQuery(useEnvironment()))
  const plan = plans.find(({ id }) => id === planId)
  return plan ? `${plan.name}, version ${planVersion}` : 'Its subscription'
}

function invoiceQuery({ api, key }: Environment, invoiceId: string) {
  return {
    queryKey: [...key, 'invoices', invoiceId],
    queryFn: () =>
      answered(api.GET('/api/v1/invoices/{invoiceId}', { params: { path: { invoiceId } } })),
  }
}

export function InvoicePage() {
  const environment = useEnvironment()
  const { invoiceId } = useParams({ strict: false }) as { invoiceId: string }
  return (
    <Loaded query={invoiceQuery(environment, invoiceId)} height={520}>
      {(invoice) => <InvoiceRecord invoice={invoice} />}
    </Loaded>
  )
}

function InvoiceRecord({ invoice }: { readonly invoice: Invoice }) {
  const { paths } = useEnvironment()
  const { customerId, subscriptionId, currency } = invoice
  const isFinal = invoice.status !== 'draft'
  return (
    <RecordPage
      title={invoice.number ?? 'Draft'}
      badge={<InvoiceBadge invoice={invoice} />}
      sentence={
        <PageLink to={paths.customer(customerId)}>
          <CustomerName customerId={customerId} />
        </PageLink>
      }
      record={invoice}
      call={`GET /api/v1/invoices/${invoice.id}`}
      actions={<InvoiceActions invoice={invoice} />}
      facts={{
        Total: <Money amountMinor={invoice.totalMinor} currency={currency} />,
        [invoice.status === 'paid' ? 'Paid' : 'Due']: (
          <Money amountMinor={invoice.amountDueMinor} currency={currency} />
        ),
        Period: formatPeriod(invoice.periodStart, invoice.periodEnd),
        'Due by': invoice.dueAt ? <Time at={invoice.dueAt} /> : <Nothing />,
        Subscription:
          subscriptionId === null ? (
            <Nothing />
          ) : (
            <PageLink to={paths.subscription(subscriptionId)}>
              <PlanOf invoice={invoice} />
            </PageLink>
          ),
      }}
    >
      {invoice.reason && (
        <Text mt="md" c="dimmed">
          {invoice.status === 'void' ? 'Declared void' : 'Not paid'}: {invoice.reason}
        </Text>
      )}
      <Section title="Lines" aside={isFinal && <VerifyInvoice invoiceId={invoice.id} />}>
        <InvoiceLines invoice={invoice} />
        <InvoiceSums invoice={invoice} />
      </Section>
      {isFinal && (
        <>
          <BilledAtStripe invoiceId={invoice.id} />
          <Payments invoiceId={invoice.id} />
          <CreditNotes invoiceId={invoice.id} />
        </>
      )}
      <Section title="Timeline">
        <Timeline about={{ customerId, invoiceId: invoice.id }} />
      </Section>
    </RecordPage>
  )
}

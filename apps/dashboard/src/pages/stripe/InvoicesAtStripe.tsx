import { useEnvironment } from '../../api/environment.tsx'
import type { StripeTrigger } from '../../api/records.ts'
import { List } from '../../components/ListPage.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { stripeInvoicesList } from './stripe-invoices-list.tsx'

/** The invoices that are billed at Stripe, each of which leads to ours. */
export function InvoicesAtStripe({ trigger: { id } }: { readonly trigger: StripeTrigger }) {
  const { paths } = useEnvironment()
  return (
    <List
      list={stripeInvoicesList}
      label="Invoices at Stripe"
      fixed={{ triggerId: id }}
      rowHref={({ invoiceId }) => paths.invoice(invoiceId)}
      empty={
        <EmptyState title="No invoice was to be billed yet">
          The next one that is finalized, with something to pay, of a customer who is not charged
          here, stands here then.
        </EmptyState>
      }
    />
  )
}

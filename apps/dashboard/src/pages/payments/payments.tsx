import { useEnvironment } from '../../api/environment.tsx'
import { ListPage } from '../../components/ListPage.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { paymentsList } from './payments-list.tsx'

const EXAMPLE = `curl ${window.location.origin}/api/v1/payments \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY"`

export function PaymentsPage() {
  const { paths } = useEnvironment()
  return (
    <ListPage
      list={paymentsList}
      title="Payments"
      sentence="Every attempt to collect an invoice or to give money back. A row leads to its invoice."
      rowHref={({ invoiceId }) => paths.invoice(invoiceId)}
      empty={
        <EmptyState title="No payments yet" example={EXAMPLE}>
          A payment is made when a final invoice is collected from a payment method, or when you
          record that it was paid.
        </EmptyState>
      }
    />
  )
}

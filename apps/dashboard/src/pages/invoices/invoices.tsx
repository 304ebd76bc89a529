import { useEnvironment } from '../../api/environment.tsx'
import { ListPage } from '../../components/ListPage.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { invoicesList } from './invoices-list.tsx'

const EXAMPLE = `curl ${window.location.origin}/api/v1/invoices \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY"`

export function InvoicesPage() {
  const { paths } = useEnvironment()
  return (
    <ListPage
      list={invoicesList}
      title="Invoices"
      sentence="What periods cost. A finalized invoice never changes; credit notes take back."
      rowHref={({ id }) => paths.invoice(id)}
      empty={
        <EmptyState title="No invoices yet" example={EXAMPLE}>
          When a period of a subscription ends, its invoice stands here as a draft, and is final
          after the time that you allow for late events. In the test environment, move the clock
          forward in Settings to see it happen.
        </EmptyState>
      }
    />
  )
}

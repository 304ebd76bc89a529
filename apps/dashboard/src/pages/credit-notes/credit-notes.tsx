import { useEnvironment } from '../../api/environment.tsx'
import { ListPage } from '../../components/ListPage.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { creditNotesList } from './credit-notes-list.tsx'

const EXAMPLE = `curl ${window.location.origin}/api/v1/credit-notes \\
  -H "x-usageflow-api-key: $USAGEFLOW_API_KEY"`

export function CreditNotesPage() {
  const { paths } = useEnvironment()
  return (
    <ListPage
      list={creditNotesList}
      title="Credit notes"
      sentence="What was taken back of final invoices, which never change. A row leads to its invoice."
      rowHref={({ invoiceId }) => paths.invoice(invoiceId)}
      empty={
        <EmptyState title="No credit notes yet" example={EXAMPLE}>
          A credit note takes back an invoice or a part of it. It is made on the page of the
          invoice.
        </EmptyState>
      }
    />
  )
}

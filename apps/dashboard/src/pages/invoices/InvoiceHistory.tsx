import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Section } from '../../ui/page.tsx'
import { creditNoteColumns } from '../credit-notes/credit-notes-list.tsx'
import { PaymentNotices } from '../payments/PaymentNotices.tsx'
import { paymentColumns } from '../payments/payments-list.tsx'

const ROWS_MAX = 100

type OfInvoice = { readonly invoiceId: string }

/** Every attempt to move money for an invoice; nothing when there was none. */
export function Payments({ invoiceId }: OfInvoice) {
  const { api, key } = useEnvironment()
  return (
    <Loaded
      height={0}
      query={{
        queryKey: [...key, 'payments', { invoiceId }],
        queryFn: () =>
          answered(
            api.GET('/api/v1/payments', { params: { query: { invoiceId, limit: ROWS_MAX } } }),
          ),
      }}
    >
      {({ data }) =>
        data.length === 0 ? null : (
          <Section title="Payments">
            <PaymentNotices payments={data} />
            <DataTable
              label="Payments"
              rows={data}
              rowId={({ id }) => id}
              columns={paymentColumns}
            />
          </Section>
        )
      }
    </Loaded>
  )
}

/** What was taken back of an invoice; nothing when nothing was. */
export function CreditNotes({ invoiceId }: OfInvoice) {
  const { api, key } = useEnvironment()
  return (
    <Loaded
      height={0}
      query={{
        queryKey: [...key, 'credit-notes', { invoiceId }],
        queryFn: () =>
          answered(
            api.GET('/api/v1/credit-notes', { params: { query: { invoiceId, limit: ROWS_MAX } } }),
          ),
      }}
    >
      {({ data }) =>
        data.length === 0 ? null : (
          <Section title="Credit notes">
            <DataTable
              label="Credit notes"
              rows={data}
              rowId={({ id }) => id}
              columns={creditNoteColumns}
            />
          </Section>
        )
      }
    </Loaded>
  )
}

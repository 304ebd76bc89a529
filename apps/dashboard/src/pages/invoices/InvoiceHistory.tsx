import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Section } from '../../ui/page.tsx'
import { Money, StateBadge, Time } from '../../ui/values.tsx'

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
            <DataTable
              label="Payments"
              rows={data}
              rowId={({ id }) => id}
              columns={[
                {
                  id: 'status',
                  header: 'Status',
                  value: ({ status }) => status,
                  cell: ({ status }) => <StateBadge state={status} />,
                },
                { id: 'kind', header: 'Kind', value: ({ kind }) => kind },
                { id: 'by', header: 'By', value: ({ provider }) => provider },
                { id: 'code', header: 'Failure', value: ({ failureCode }) => failureCode },
                {
                  id: 'at',
                  header: 'When',
                  value: ({ createdAt }) => createdAt,
                  cell: ({ createdAt }) => <Time at={createdAt} />,
                },
                {
                  id: 'amount',
                  header: 'Amount',
                  align: 'right',
                  value: ({ amountMinor }) => BigInt(amountMinor),
                  cell: ({ amountMinor, currency }) => (
                    <Money amountMinor={amountMinor} currency={currency} />
                  ),
                },
              ]}
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
              columns={[
                { id: 'number', header: 'Number', value: ({ number }) => number },
                { id: 'reason', header: 'Reason', value: ({ reason }) => reason },
                { id: 'settlement', header: 'Settled by', value: ({ settlement }) => settlement },
                {
                  id: 'at',
                  header: 'When',
                  value: ({ issuedAt }) => issuedAt,
                  cell: ({ issuedAt }) => <Time at={issuedAt} />,
                },
                {
                  id: 'total',
                  header: 'Amount',
                  align: 'right',
                  value: ({ totalMinor }) => BigInt(totalMinor),
                  cell: ({ totalMinor, currency }) => (
                    <Money amountMinor={totalMinor} currency={currency} />
                  ),
                },
              ]}
            />
          </Section>
        )
      }
    </Loaded>
  )
}

import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { CustomerCreditEntry } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { PageLink } from '../../ui/page.tsx'
import { Id, Nothing, Time } from '../../ui/values.tsx'
import { Amount, valueOfAmount } from './credit-amount.tsx'

const WORDS: Readonly<Record<CustomerCreditEntry['kind'], string>> = {
  grant: 'granted',
  use: 'used by an invoice',
  give_back: 'given back by an invoice',
  expiry: 'expired',
  void: 'taken back',
  rollover: 'gone over into the next period',
  hold_commit: 'used by a hold',
}

/** Everything that happened to the credits of a customer. */
export function ledgerListOf(customerId: string): ListDefinition<CustomerCreditEntry> {
  return {
    name: `ledger-${customerId}`,
    fetchPage: ({ api }, request) =>
      answered(
        api.GET('/api/v1/customers/{customerId}/credit-entries', {
          params: { path: { customerId }, query: pageQuery({ ...request, filters: {} }) },
          signal: request.signal,
        }),
      ),
    rowId: ({ creditId, entryNo }) => `${creditId} ${entryNo}`,
    columns: [
      { id: 'entry', header: 'Entry', value: ({ kind }) => WORDS[kind] },
      {
        id: 'grant',
        header: 'Grant',
        value: ({ name, source }) => name || source.replace('_', ' '),
      },
      {
        id: 'amount',
        header: 'Amount',
        align: 'right',
        value: ({ amount }) => valueOfAmount(amount),
        cell: ({ amount, currency }) => <Amount amount={amount} currency={currency} />,
      },
      {
        id: 'left',
        header: 'Left of the grant',
        align: 'right',
        value: ({ left }) => valueOfAmount(left),
        cell: ({ left, currency }) => <Amount amount={left} currency={currency} />,
      },
      {
        id: 'cause',
        header: 'By',
        value: ({ invoiceId, holdId }) => invoiceId ?? holdId,
        cell: (entry) => <Cause entry={entry} />,
      },
      { id: 'at', header: 'When', value: ({ at }) => at, cell: ({ at }) => <Time at={at} /> },
      { id: 'credit', header: 'Grant id', value: ({ creditId }) => creditId, isExtra: true },
    ],
  }
}

function Cause({ entry: { invoiceId, holdId } }: { readonly entry: CustomerCreditEntry }) {
  const { paths } = useEnvironment()
  if (invoiceId !== null) return <PageLink to={paths.invoice(invoiceId)}>the invoice</PageLink>
  return holdId === null ? <Nothing /> : <Id value={holdId} />
}

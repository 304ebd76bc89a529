import { majorText } from '@usageflow/pricing'
import { answered } from '../../api/client.ts'
import type { AddOn } from '../../api/records.ts'
import { archiveColumns, nameColumns } from '../../components/archivable.tsx'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { TaxRateName } from '../../components/TaxRateChoice.tsx'
import { Money, Nothing } from '../../ui/values.tsx'

export const addOnsList: ListDefinition<AddOn> = {
  name: 'add-ons',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/add-ons', { params: { query: pageQuery(request) }, signal: request.signal }),
    ),
  rowId: ({ id }) => id,
  columns: [
    ...nameColumns('Add-on'),
    {
      id: 'amount',
      header: 'Price of one',
      align: 'right',
      value: ({ amountMinor }) => BigInt(amountMinor),
      exported: ({ amountMinor, currency }) => majorText(BigInt(amountMinor), currency),
      cell: ({ amountMinor, currency, recurring }) => (
        <span>
          <Money amountMinor={amountMinor} currency={currency} />{' '}
          {recurring === 'once' ? 'once' : 'a period'}
        </span>
      ),
    },
    {
      id: 'tax',
      header: 'Rate of tax',
      value: ({ taxRate }) => taxRate,
      cell: ({ taxRate }) => (taxRate === null ? <Nothing /> : <TaxRateName id={taxRate} />),
    },
    ...archiveColumns(
      'Nobody gets it any more. Whoever has it keeps it, and is billed as before.',
      (addOn, { environment: { api }, headers }) =>
        answered(
          api.POST('/api/v1/add-ons/{addOn}/archive', { params: { path: { addOn } }, headers }),
        ),
    ),
  ],
}

import { majorText } from '@usageflow/pricing'
import { answered } from '../../api/client.ts'
import type { AddOn } from '../../api/records.ts'
import { ArchiveButton } from '../../components/ArchiveButton.tsx'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { TaxRateName } from '../../components/TaxRateChoice.tsx'
import { Id, Money, Nothing, StateBadge } from '../../ui/values.tsx'

export const addOnsList: ListDefinition<AddOn> = {
  name: 'add-ons',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/add-ons', { params: { query: pageQuery(request) }, signal: request.signal }),
    ),
  rowId: ({ id }) => id,
  columns: [
    { id: 'name', header: 'Add-on', value: ({ name }) => name },
    {
      id: 'key',
      header: 'Key',
      value: ({ key }) => key,
      cell: ({ key }) => <Id value={key} whole />,
    },
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
    {
      id: 'state',
      header: 'State',
      value: ({ archivedAt }) => (archivedAt === null ? 'active' : 'archived'),
      cell: ({ archivedAt }) => <StateBadge state={archivedAt === null ? 'active' : 'archived'} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => null,
      cell: (addOn) => (
        <ArchiveButton
          named={addOn}
          meaning="Nobody gets it any more. Whoever has it keeps it, and is billed as before."
          archive={({ environment, headers }) =>
            answered(
              environment.api.POST('/api/v1/add-ons/{addOn}/archive', {
                ...{ params: { path: { addOn: addOn.id } }, headers },
              }),
            )
          }
        />
      ),
    },
  ],
}

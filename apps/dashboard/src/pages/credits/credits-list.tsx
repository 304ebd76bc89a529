import { answered } from '../../api/client.ts'
import type { ListedCredit } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { customerColumn } from '../customers/CustomerName.tsx'
import { Amount, valueOfAmount } from './credit-amount.tsx'
import { VoidGrant } from './VoidGrant.tsx'

/** Everything that customers were granted. */
export const creditsList: ListDefinition<ListedCredit> = {
  name: 'credits',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/credits', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  filters: [
    {
      name: 'state',
      label: 'State',
      options: ['active', 'upcoming', 'used_up', 'ended', 'void'],
    },
    {
      name: 'kind',
      label: 'Kind',
      options: [
        { value: 'units', label: 'units of a meter' },
        { value: 'money', label: 'money' },
      ],
    },
    { name: 'customerId', label: 'Customer', placeholder: 'customer id' },
  ],
  columns: [
    customerColumn,
    {
      id: 'name',
      header: 'Grant',
      value: ({ name, source }) => name || source.replace('_', ' '),
    },
    {
      id: 'state',
      header: 'State',
      value: ({ state }) => state,
      cell: ({ state }) => <StateBadge state={state} />,
    },
    {
      id: 'granted',
      header: 'Granted',
      align: 'right',
      value: ({ granted }) => valueOfAmount(granted),
      cell: ({ granted, currency }) => <Amount amount={granted} currency={currency} />,
    },
    {
      id: 'left',
      header: 'Left',
      align: 'right',
      value: ({ left }) => valueOfAmount(left),
      cell: ({ left, currency }) => <Amount amount={left} currency={currency} />,
    },
    { id: 'source', header: 'Source', value: ({ source }) => source.replace('_', ' ') },
    {
      id: 'ends',
      header: 'Ends',
      value: ({ validTo }) => validTo,
      cell: ({ validTo }) => (validTo ? <Time at={validTo} /> : <Nothing />),
    },
    {
      id: 'granted_at',
      header: 'When',
      value: ({ grantedAt }) => grantedAt,
      cell: ({ grantedAt }) => <Time at={grantedAt} />,
    },
    { id: 'id', header: 'Id', value: ({ id }) => id, isExtra: true },
    {
      id: 'void',
      header: 'Actions',
      value: () => null,
      cell: (credit) =>
        credit.state === 'active' || credit.state === 'upcoming' ? (
          <VoidGrant credit={credit} />
        ) : null,
    },
  ],
}

/** The same for one customer. */
export const creditsOfCustomerList: ListDefinition<ListedCredit> = {
  ...creditsList,
  columns: creditsList.columns.filter(({ id }) => id !== 'customer'),
  filters: (creditsList.filters ?? []).filter(({ name }) => name !== 'customerId'),
}

import { answered } from '../../api/client.ts'
import type { Credit } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { Amount, valueOfAmount } from './credit-amount.tsx'
import { VoidGrant } from './VoidGrant.tsx'

/** Everything that a customer was granted. */
export function creditsListOf(customerId: string): ListDefinition<Credit> {
  return {
    name: `credits-${customerId}`,
    fetchPage: ({ api }, request) =>
      answered(
        api.GET('/api/v1/customers/{customerId}/credits', {
          params: { path: { customerId }, query: pageQuery({ ...request, filters: {} }) },
          signal: request.signal,
        }),
      ),
    rowId: ({ id }) => id,
    columns: [
      { id: 'name', header: 'Grant', value: ({ name, source }) => name || source },
      {
        id: 'state',
        header: 'State',
        value: stateOf,
        cell: (credit) => <StateBadge state={stateOf(credit)} />,
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
      {
        id: 'void',
        header: 'Actions',
        value: () => null,
        cell: (credit) => (credit.voidedAt ? null : <VoidGrant credit={credit} />),
      },
    ],
  }
}

function stateOf({ voidedAt, left, validTo }: Credit): string {
  if (voidedAt !== null) return 'void'
  const isEmpty = /^0(\.0*)?$/.test(valueOfAmount(left))
  if (isEmpty) return validTo === null ? 'used up' : 'over'
  return 'active'
}

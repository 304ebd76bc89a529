import { answered } from '../../api/client.ts'
import type { Customer } from '../../api/records.ts'
import type { ListDefinition } from '../../components/ListPage.tsx'
import { pageQuery } from '../../components/list-query.ts'
import { Id, Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { nameOfCustomer } from './names.ts'

export const customersList: ListDefinition<Customer> = {
  name: 'customers',
  fetchPage: ({ api }, request) =>
    answered(
      api.GET('/api/v1/customers', {
        params: { query: pageQuery(request) },
        signal: request.signal,
      }),
    ),
  rowId: ({ id }) => id,
  filters: [
    { name: 'search', label: 'Name', placeholder: 'part of a name or id' },
    { name: 'parentId', label: 'Parent', placeholder: 'customer id' },
  ],
  columns: [
    {
      id: 'customer',
      header: 'Customer',
      value: ({ customerId }) => customerId,
      cell: ({ customerId, name }) =>
        name === '' || name === customerId ? nameOfCustomer(customerId) : name,
    },
    {
      id: 'customerId',
      header: 'Customer id',
      value: ({ customerId }) => customerId,
      cell: ({ customerId }) => <Id value={customerId} />,
    },
    { id: 'email', header: 'E-mail', value: ({ email }) => email },
    {
      id: 'parent',
      header: 'Parent',
      value: ({ parentId }) => parentId,
      cell: ({ parentId }) => (parentId === null ? <Nothing /> : <Id value={parentId} />),
    },
    {
      id: 'tax',
      header: 'Tax',
      value: ({ taxExempt, taxRate }) => (taxExempt ? 'exempt' : taxRate),
      cell: ({ taxExempt, taxRate }) =>
        taxExempt ? <StateBadge state="exempt" /> : (taxRate ?? <Nothing />),
      isExtra: true,
    },
    {
      id: 'created',
      header: 'First seen',
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
  ],
}

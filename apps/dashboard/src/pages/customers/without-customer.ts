/** A list that already stands for one customer needs neither its column nor its filter. */
export function withoutCustomer<
  L extends {
    columns: readonly { id: string }[]
    filters?: readonly { name: string }[]
  },
>(list: L): L {
  return {
    ...list,
    columns: list.columns.filter(({ id }) => id !== 'customer'),
    filters: (list.filters ?? []).filter(({ name }) => name !== 'customerId'),
  }
}

import { Text } from '@mantine/core'
import { useEnvironment } from '../../api/environment.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { formatMoney } from '../../ui/format.ts'
import { Tile, Tiles } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Money, Nothing } from '../../ui/values.tsx'
import { nameOfCustomer } from '../customers/names.ts'
import { totalsOf } from './simulation.ts'

/** What one subscription comes to, now and otherwise; null where it is not billed or not comparable. */
export type Compared = {
  readonly subscriptionId: string
  readonly customerId: string
  readonly currency: string
  readonly beforeMinor: string | null
  readonly afterMinor: string | null
  readonly differenceMinor: string | null
  readonly refused: string | null
}

/** The difference for each customer and for all of them together. */
export function Comparison({
  rows,
  label,
  empty,
}: {
  readonly rows: readonly Compared[]
  readonly label: string
  readonly empty: string
}) {
  const { paths } = useEnvironment()
  if (rows.length === 0) return <EmptyState title="Nobody is concerned">{empty}</EmptyState>
  const comparable = rows.flatMap(({ currency, beforeMinor, afterMinor, differenceMinor }) =>
    beforeMinor === null || afterMinor === null || differenceMinor === null
      ? []
      : [{ currency, beforeMinor, afterMinor }],
  )
  return (
    <>
      <Tiles>
        {totalsOf(comparable).map(({ currency, count, differenceMinor, ...sums }) => (
          <Tile
            key={currency}
            label={`Difference in ${currency}`}
            value={signed(differenceMinor, currency)}
            hint={`${formatMoney(sums.beforeMinor, currency)} now, ${formatMoney(sums.afterMinor, currency)} then; ${count} subscriptions`}
          />
        ))}
      </Tiles>
      <DataTable
        label={label}
        rows={rows}
        rowId={({ subscriptionId }) => subscriptionId}
        rowHref={({ subscriptionId }) => paths.subscription(subscriptionId)}
        columns={COLUMNS}
      />
    </>
  )
}

const COLUMNS: readonly Column<Compared>[] = [
  { id: 'customer', header: 'Customer', value: ({ customerId }) => nameOfCustomer(customerId) },
  {
    id: 'before',
    header: 'Now',
    align: 'right',
    value: ({ beforeMinor }) => beforeMinor,
    cell: ({ beforeMinor, currency }) => (
      <AmountOrNone amountMinor={beforeMinor} currency={currency} />
    ),
  },
  {
    id: 'after',
    header: 'Then',
    align: 'right',
    value: ({ afterMinor }) => afterMinor,
    cell: ({ afterMinor, currency }) => (
      <AmountOrNone amountMinor={afterMinor} currency={currency} />
    ),
  },
  {
    id: 'difference',
    header: 'Difference',
    align: 'right',
    value: ({ differenceMinor }) => differenceMinor,
    cell: ({ differenceMinor, currency, refused }) => {
      if (refused !== null)
        return (
          <Text size="sm" c="dimmed">
            {refused}
          </Text>
        )
      return differenceMinor === null ? <Nothing /> : signed(differenceMinor, currency)
    },
  },
]

function AmountOrNone({
  amountMinor,
  currency,
}: {
  readonly amountMinor: string | null
  readonly currency: string
}) {
  return amountMinor === null ? (
    <Nothing />
  ) : (
    <Money amountMinor={amountMinor} currency={currency} />
  )
}

function signed(amountMinor: string, currency: string): string {
  return `${BigInt(amountMinor) > 0n ? '+' : ''}${formatMoney(amountMinor, currency)}`
}

import type { Overview } from '../../api/records.ts'
import { formatMoney } from '../../ui/format.ts'
import { Tile, Tiles } from '../../ui/page.tsx'

type Amount = { readonly currency: string; readonly amountMinor: string }

/** The four figures about money. Currencies stand beside each other: they are not to be added. */
export function MoneyTiles({ overview }: { readonly overview: Overview }) {
  const { revenue, monthlyRecurring, owed, subscriptions } = overview
  const month = overview.now.slice(0, 7)
  const thisMonth = revenue.filter((row) => row.month.startsWith(month))
  const recurring = monthlyRecurring.reduce((sum, row) => sum + row.subscriptions, 0)
  const overdue = owed.filter((row) => row.overdue > 0)
  return (
    <Tiles>
      <Tile
        label="Invoiced this month"
        value={amounts(thisMonth)}
        hint={counted(
          thisMonth.reduce((sum, row) => sum + row.invoices, 0),
          'invoice',
        )}
      />
      <Tile
        label="Monthly recurring revenue"
        value={amounts(monthlyRecurring)}
        hint={`base prices of ${counted(recurring, 'subscription')}`}
      />
      <Tile
        label="Open invoices"
        value={amounts(owed)}
        hint={
          overdue.length === 0
            ? 'none is overdue'
            : `${amounts(overdue.map(({ currency, overdueMinor }) => ({ currency, amountMinor: overdueMinor })))} overdue`
        }
      />
      <Tile
        label="Active subscriptions"
        value={subscriptions.byStatus.active ?? 0}
        hint={`${subscriptions.byStatus.trialing ?? 0} on trial, ${subscriptions.byStatus.suspended ?? 0} suspended`}
      />
    </Tiles>
  )
}

function amounts(rows: readonly Amount[]): string {
  if (rows.length === 0) return '–'
  return rows.map(({ amountMinor, currency }) => formatMoney(amountMinor, currency)).join(' · ')
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

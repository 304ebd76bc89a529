import { majorText } from '@usageflow/pricing'
import type { Overview } from '../../api/records.ts'
import { type Bar, Chart } from '../../ui/Chart.tsx'
import { formatMoney } from '../../ui/format.ts'

const MONTHS = 6

/** What was invoiced in each of six months, in the currency that brings the most invoices. */
export function RevenueChart({ overview }: { readonly overview: Overview }) {
  const currency = mainCurrency(overview)
  const rows = overview.revenue.filter((row) => row.currency === currency)
  const bars = monthsUpTo(overview.now).map((month): Bar => {
    const amountMinor = rows.find((row) => row.month === month)?.amountMinor ?? '0'
    return {
      label: new Intl.DateTimeFormat(undefined, { month: 'short', timeZone: 'UTC' }).format(
        new Date(month),
      ),
      value: Number(majorText(BigInt(amountMinor), currency)),
      exact: formatMoney(amountMinor, currency),
      isOpen: month.slice(0, 7) === overview.now.slice(0, 7),
    }
  })
  return <Chart title={`Invoiced, in ${currency}`} bars={bars} unit="" />
}

function mainCurrency({ revenue, monthlyRecurring }: Overview): string {
  const [most] = [...revenue].sort((left, right) => right.invoices - left.invoices)
  return most?.currency ?? monthlyRecurring[0]?.currency ?? 'USD'
}

function monthsUpTo(now: string): string[] {
  const day = new Date(now)
  return Array.from({ length: MONTHS }, (_, index) =>
    new Date(
      Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - MONTHS + 1 + index, 1),
    ).toISOString(),
  )
}

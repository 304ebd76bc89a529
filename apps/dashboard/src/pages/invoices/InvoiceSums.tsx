import type { ReactNode } from 'react'
import type { Invoice } from '../../api/records.ts'
import { formatQuantity } from '../../ui/format.ts'
import { Money } from '../../ui/values.tsx'
import classes from './InvoiceSums.module.css'

type Sums = Pick<
  Invoice,
  'currency' | 'subtotalMinor' | 'trueUpMinor' | 'totalMinor' | 'amountDueMinor' | 'adjustments'
> & { readonly creditedMinor?: string }

/** From the sum of the lines to what is due, in the order in which it is reckoned. */
export function InvoiceSums({ invoice }: { readonly invoice: Sums }) {
  const { currency, adjustments } = invoice
  const money = (amountMinor: string) => <Money amountMinor={amountMinor} currency={currency} />
  const before = adjustments.filter(({ kind }) => kind !== 'prepaid')
  const prepaid = adjustments.filter(({ kind }) => kind === 'prepaid')
  return (
    <dl className={classes.sums}>
      <Sum label="Subtotal" value={money(sumOfLines(invoice))} />
      {before.map((adjustment) => (
        <Sum
          key={`${adjustment.kind} ${adjustment.ref}`}
          label={labelOf(adjustment)}
          value={money(adjustment.amountMinor)}
        />
      ))}
      <Sum label="Total" value={money(invoice.totalMinor)} isStrong />
      {prepaid.map((adjustment) => (
        <Sum
          key={`${adjustment.kind} ${adjustment.ref}`}
          label={labelOf(adjustment)}
          value={money(adjustment.amountMinor)}
        />
      ))}
      {invoice.creditedMinor !== undefined && invoice.creditedMinor !== '0' && (
        <Sum label="Taken back by credit notes" value={money(`-${invoice.creditedMinor}`)} />
      )}
      <Sum label="Due" value={money(invoice.amountDueMinor)} isStrong />
    </dl>
  )
}

/** With what lifts it to the minimum, which stands among the lines, here as in the PDF. */
function sumOfLines({ subtotalMinor, trueUpMinor }: Sums): string {
  return String(BigInt(subtotalMinor) + BigInt(trueUpMinor))
}

function Sum({
  label,
  value,
  isStrong = false,
}: {
  readonly label: string
  readonly value: ReactNode
  readonly isStrong?: boolean
}) {
  return (
    <div className={classes.sum} data-strong={isStrong || undefined}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function labelOf({ kind, name, tax, units }: Invoice['adjustments'][number]): string {
  if (tax) return `${name} ${tax.percent} %${tax.inclusive ? ', included' : ''}`
  if (units) return `${name}: ${formatQuantity(units.quantity)} units`
  return kind === 'prepaid' ? `${name} (credits)` : name
}

import classes from './portal.module.css'
import type { Bill } from './portal-api.ts'
import { usePortal } from './portal-context.tsx'

/** The lines and sums of a bill, as they stand on its document. */
export function BillTable({ bill, name }: { readonly bill: Bill; readonly name: string }) {
  const { words, format } = usePortal()
  const { currency } = bill
  return (
    <table className={classes.table} aria-label={name}>
      <thead>
        <tr>
          <th scope="col">{words.description}</th>
          <th scope="col" className={`${classes.right} ${classes.wide}`}>
            {words.quantity}
          </th>
          <th scope="col" className={`${classes.right} ${classes.wide}`}>
            {words.unitPrice}
          </th>
          <th scope="col" className={classes.right}>
            {words.amount}
          </th>
        </tr>
      </thead>
      <tbody>
        {bill.lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and stay where they are
          <tr key={at}>
            <td>
              {line.description}
              {line.period && (
                <span className={classes.hint}>
                  {' '}
                  {format.period(line.period.start, line.period.end)}
                </span>
              )}
            </td>
            <td className={`${classes.right} ${classes.wide}`}>
              {line.quantity && format.quantity(line.quantity)}
            </td>
            <td className={`${classes.right} ${classes.wide}`}>
              {line.unitPrice && format.price(line.unitPrice, currency)}
            </td>
            <td className={classes.right}>{format.money(line.amountMinor, currency)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {bill.sums.map(({ kind, name: more, amountMinor }) => (
          <tr key={`${kind} ${more}`} data-kind={kind}>
            <th scope="row">{[words.sums[kind] ?? kind, more].filter(Boolean).join(' ')}</th>
            <td className={classes.wide} />
            <td className={classes.wide} />
            <td className={classes.right}>{format.money(amountMinor, currency)}</td>
          </tr>
        ))}
      </tfoot>
    </table>
  )
}

export function sumOf(bill: Bill, kind: 'total' | 'due'): string {
  return bill.sums.find((sum) => sum.kind === kind)?.amountMinor ?? '0'
}

import { BillTable, sumOf } from './BillTable.tsx'
import { Empty, Part } from './Part.tsx'
import classes from './portal.module.css'
import { answered } from './portal-api.ts'
import { usePart, usePortal } from './portal-context.tsx'

/** What the periods under way come to so far. */
export function BillPart() {
  const { words, format } = usePortal()
  const bills = usePart(['bill'], (api) => answered(api.GET('/api/portal/v1/bill')))
  return (
    <Part title={words.bill} hint={words.billHint} query={bills} height={280}>
      {({ data }) =>
        data.length === 0 ? (
          <Empty>{words.billEmpty}</Empty>
        ) : (
          data.map(({ plan, bill }) => (
            <div key={`${plan} ${bill.period?.start}`} className={classes.card}>
              <p className={classes.amount}>{format.money(sumOf(bill, 'due'), bill.currency)}</p>
              <p className={classes.hint}>
                {plan}
                {bill.period && ` · ${format.period(bill.period.start, bill.period.end)}`}
              </p>
              <BillTable bill={bill} name={words.bill} />
            </div>
          ))
        )
      }
    </Part>
  )
}

import type { Column } from '../../ui/data-table.tsx'
import { Nothing } from '../../ui/values.tsx'
import { reasonWords } from './reason-words.ts'

type Reasoned = { readonly reason: string | null; readonly reasonText: string | null }

/** Why something is not at Stripe; what Stripe said, on hover. */
export function reasonColumn<Row extends Reasoned>(): Column<Row> {
  return {
    id: 'reason',
    header: 'Why',
    value: ({ reason }) => reason,
    cell: ({ reason, reasonText }) =>
      reason === null ? (
        <Nothing />
      ) : (
        <span title={reasonText ?? reason}>{reasonWords(reason)}</span>
      ),
  }
}

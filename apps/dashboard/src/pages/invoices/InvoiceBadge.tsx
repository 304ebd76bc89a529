import type { InvoiceSummary } from '../../api/records.ts'
import { StateBadge } from '../../ui/values.tsx'

/** The status, and of one that should have been paid by now, that. */
export function InvoiceBadge({
  invoice: { status, overdueAt },
}: {
  readonly invoice: Pick<InvoiceSummary, 'status' | 'overdueAt'>
}) {
  const isOverdue = status === 'finalized' && overdueAt !== null
  if (isOverdue) return <StateBadge state="overdue" />
  return <StateBadge state={status} label={status === 'finalized' ? 'open' : status} />
}

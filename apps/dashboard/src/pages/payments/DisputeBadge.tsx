import type { Dispute } from '../../api/records.ts'
import { StateBadge } from '../../ui/values.tsx'

/** How a dispute stands. One that is open needs somebody, unlike an invoice that is. */
export function DisputeBadge({ dispute: { status } }: { readonly dispute: Dispute }) {
  return <StateBadge state={status === 'open' ? 'disputed' : status} label={status} />
}

import { formatMinor } from '@usageflow/pricing'
import { z } from 'zod'
import { instantText } from '../platform/http/fields.ts'
import { DISPUTE_STATUSES, type Dispute } from './dispute.ts'

export const disputeReply = z
  .object({
    id: z.string().meta({ description: 'What the provider calls it' }),
    paymentId: z.string(),
    amountMinor: z.string(),
    amount: z.string(),
    currency: z.string(),
    reason: z.string().meta({ description: 'In the words of the provider' }),
    status: z.enum(DISPUTE_STATUSES).meta({
      description: '`won`: you keep the money; `lost`: the customer has it; `closed`: none moved',
    }),
    evidenceDueAt: instantText
      .nullable()
      .meta({ description: 'Until when the provider takes evidence' }),
    openedAt: instantText,
    closedAt: instantText.nullable(),
  })
  .meta({ id: 'Dispute' })

export function toDispute(dispute: Dispute): z.input<typeof disputeReply> {
  const { id, paymentId, amountMinor, currency, reason, status } = dispute
  return {
    ...{ id, paymentId, currency, reason, status },
    amountMinor: String(amountMinor),
    amount: formatMinor(amountMinor, currency),
    evidenceDueAt: dispute.evidenceDueAt?.toISOString() ?? null,
    openedAt: dispute.openedAt.toISOString(),
    closedAt: dispute.closedAt?.toISOString() ?? null,
  }
}

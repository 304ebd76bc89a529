import { type Decimal, formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { instantText } from '../platform/http/fields.ts'
import { type Asset, type CreditGrant, ENTRY_KINDS, SOURCES } from './credit.ts'
import type { LedgerEntry } from './entries.store.ts'

const amountFields = z
  .object({ units: z.string().optional(), amountMinor: z.string().optional() })
  .meta({ description: '`units` of a meter, or `amountMinor` of money, in minor units' })

export const creditReply = z
  .object({
    id: z.string(),
    customerId: z.string(),
    kind: z.enum(['units', 'money']),
    meterId: z.string().nullable(),
    currency: z.string().nullable(),
    meterIds: z.array(z.string()).nullable(),
    granted: amountFields,
    left: amountFields,
    lowAt: z.string().nullable(),
    validFrom: instantText,
    validTo: instantText.nullable(),
    priority: z.number(),
    isPromotional: z.boolean(),
    source: z.enum(SOURCES),
    name: z.string(),
    subscriptionId: z.string().nullable(),
    grantedAt: instantText,
    voidedAt: instantText.nullable(),
  })
  .meta({ id: 'Credit' })

export const entryReply = z
  .object({
    entryNo: z.number(),
    kind: z.enum(ENTRY_KINDS),
    amount: amountFields,
    left: amountFields,
    invoiceId: z.string().nullable(),
    holdId: z.string().nullable(),
    at: instantText,
  })
  .meta({ id: 'CreditEntry' })

/** What a grant is of, as the world sees it. */
export function assetReply(asset: Asset) {
  return asset.kind === 'units'
    ? { kind: asset.kind, meterId: asset.meterId, currency: null, meterIds: null }
    : { kind: asset.kind, meterId: null, currency: asset.currency, meterIds: asset.meterIds }
}

/** An amount of such a grant: what it counts stands in the name. */
export function amountReply({ kind }: Pick<Asset, 'kind'>, amount: Decimal) {
  const text = formatDecimal(amount)
  return kind === 'units' ? { units: text } : { amountMinor: text }
}

export function toReply(grant: CreditGrant) {
  const { asset } = grant
  return {
    id: grant.id,
    customerId: grant.customer,
    ...assetReply(asset),
    granted: amountReply(asset, grant.amount),
    left: amountReply(asset, grant.left),
    lowAt: grant.lowAt === null ? null : formatDecimal(grant.lowAt),
    validFrom: grant.from.toISOString(),
    validTo: grant.to?.toISOString() ?? null,
    priority: grant.priority,
    isPromotional: grant.isPromotional,
    source: grant.source,
    name: grant.name,
    subscriptionId: grant.cycle?.subscriptionId ?? null,
    grantedAt: grant.grantedAt.toISOString(),
    voidedAt: grant.voidedAt?.toISOString() ?? null,
  }
}

export function entryToReply(asset: Asset, entry: LedgerEntry) {
  return {
    entryNo: entry.entryNo,
    kind: entry.kind,
    amount: amountReply(asset, entry.amount),
    left: amountReply(asset, entry.leftAfter),
    invoiceId: entry.invoiceId ?? null,
    holdId: entry.holdId ?? null,
    at: entry.at.toISOString(),
  }
}

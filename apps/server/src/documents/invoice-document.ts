import type { Decimal } from '@usageflow/pricing'
import type { DocumentLanguage } from '../settings/billing-settings.ts'

/** What a document says, whatever it is drawn with. */
export type InvoiceDocument = {
  readonly kind: 'invoice' | 'draft' | 'credit_note'
  readonly language: DocumentLanguage
  /** IANA zone in which its days are counted. */
  readonly timeZone: string
  /** ISO 4217 code. */
  readonly currency: string
  /** Null while it is a draft. */
  readonly number: string | null
  readonly issuedAt: Date | null
  readonly dueAt: Date | null
  /** Half-open. Null: it is not of a period. */
  readonly period: { readonly start: Date; readonly end: Date } | null
  readonly seller: Party
  /** A PNG or a JPEG. */
  readonly logo: Buffer | null
  readonly buyer: Party
  readonly lines: readonly DocumentLine[]
  /** In the order in which they are added up. */
  readonly sums: readonly DocumentSum[]
  /** Below the sums, like terms of payment. */
  readonly note: string | null
}

export type Party = {
  readonly name: string
  readonly address: readonly string[]
  readonly taxNumbers: readonly string[]
  readonly email: string | null
}

export type DocumentLine = {
  readonly description: string
  /** Half-open. Null: that of the document. */
  readonly period: { readonly start: Date; readonly end: Date } | null
  /** Null where the amount is not one of units. */
  readonly quantity: Decimal | null
  /** In the major unit. */
  readonly unitPrice: Decimal | null
  readonly amountMinor: bigint
}

/** `name` says more than the kind: of which coupon, of which tax. Empty: nothing to add. */
export type DocumentSum = {
  readonly kind: SumKind
  readonly name: string
  readonly amountMinor: bigint
}

/** `included_tax` is part of the total already. */
export type SumKind =
  | 'subtotal'
  | 'discount'
  | 'credit'
  | 'tax'
  | 'included_tax'
  | 'total'
  | 'prepaid'
  | 'due'

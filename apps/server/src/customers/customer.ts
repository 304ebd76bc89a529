/** Whom an organization bills. */
export type Customer = Profile & {
  readonly id: string
  /** The organization's own name for the customer: `customerId` outside. */
  readonly customer: string
  /** Who stands above now; usage that the customer does not pay for itself is billed there. */
  readonly parent: string | null
  readonly createdAt: Date
}

/** What is said of a customer on its documents, and what decides its taxes and terms. */
export type Profile = BillingDetails & {
  readonly name: string
  readonly email: string | null
  /** Line by line. */
  readonly address: readonly string[]
  readonly taxNumber: string | null
  /** A language tag, like `de` or `pt-BR`; null: that of the organization. */
  readonly language: string | null
}

/** The outside name of the organization's own account, which stands above everybody. */
export const ROOT = '$root'

/** `customer` stands beneath `parent` in `[since, until)`; `until: null` means still so. */
export type ParentLink = {
  readonly customer: string
  readonly parent: string
  readonly since: Date
  readonly until: Date | null
}

/** The start of a link that has always been so. No event is older. */
export const ALWAYS = new Date(0)

/** What decides how a customer is taxed and when it has to pay. */
export type BillingDetails = {
  /** Of all that it is charged for, whatever the plan says; null: as the plan says. */
  readonly taxRateId: string | null
  readonly isTaxExempt: boolean
  /** From an invoice until it is due; null: as the plan says. */
  readonly netDays: number | null
}

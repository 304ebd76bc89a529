/** Whom an organization bills. */
export type Customer = {
  readonly id: string
  /** The organization's own name for the customer: `customerId` outside. */
  readonly customer: string
  readonly name: string
  /** Who stands above now; usage that the customer does not pay for itself is billed there. */
  readonly parent: string | null
  readonly createdAt: Date
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
  /** Null: that of the plan. */
  readonly taxRateId: string | null
  readonly isTaxExempt: boolean
  /** From an invoice until it is due; null: as the plan says. */
  readonly netDays: number | null
}

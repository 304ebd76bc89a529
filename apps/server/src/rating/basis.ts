import { type NamedVersion, planVersions } from '../catalog/find-plan.ts'
import type { PlanVersionRef, PricedMeter } from '../catalog/plan.ts'
import { grantsFor } from '../credits/settle-use.ts'
import { billingDetails } from '../customers/billing-details.ts'
import type { BillingDetails } from '../customers/customer.ts'
import { type AskedUsage, type Slice, type Totals, totals } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { UsageQuestion } from './ask-usage.ts'
import type { Bill } from './bill.ts'
import { type BillCoupon, billCoupons } from './bill-coupons.ts'
import { slicesOf } from './coverage.ts'
import { type LateOf, passesOn } from './late-usage.ts'
import { loadSurroundings } from './load-surroundings.ts'
import type { UsableGrant } from './usable-grants.ts'

/**
 * What bills are computed from beside plans, terms and periods, which never change: this may be otherwise
 * tomorrow. An invoice that was made is computed again from what was true then.
 */
export type Basis = {
  versions(refs: readonly PlanVersionRef[]): Promise<ReadonlyMap<string, NamedVersion>>
  customers(names: readonly string[]): Promise<(customer: string) => BillingDetails>
  grants(
    customers: readonly string[],
    window: { readonly from: Date; readonly to: Date },
  ): Promise<readonly UsableGrant[]>
  coupons(bills: readonly Bill[]): Promise<(bill: Bill, currency: string) => readonly BillCoupon[]>
  /** Whose usage a price bills, when. */
  coverage(
    questions: readonly UsageQuestion[],
  ): Promise<(question: UsageQuestion) => readonly Slice[]>
  totals(asked: readonly AskedUsage[]): Promise<Totals>
  /** Whether a meter passes on what its late usage comes to. */
  isPassedOn(meter: PricedMeter, late: LateOf): boolean
}

/** What is true now, with the usage that is folded now. */
export function basisNow(tx: Tx, envId: number): Basis {
  return {
    versions: (refs) => planVersions(tx, envId, refs),
    customers: (names) => billingDetails(tx, envId, names),
    grants: (customers, window) => grantsFor(tx, envId, customers, window),
    coupons: (bills) => billCoupons(tx, envId, bills),
    async coverage(questions) {
      const around = await loadSurroundings(tx, envId, questions)
      return (question) => slicesOf(question, around)
    },
    totals: (asked) => totals(tx, envId, asked),
    isPassedOn: passesOn,
  }
}

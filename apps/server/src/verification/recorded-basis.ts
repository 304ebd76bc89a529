import { grantsBefore, grantsUsedBy } from '../credits/settle-use.ts'
import type { BillingDetails } from '../customers/customer.ts'
import type { InvoiceContent, InvoiceLine } from '../invoicing/invoice.ts'
import type { StoredInvoice } from '../invoicing/read-invoice.ts'
import { recount, type Slice } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { questionId, type UsageQuestion } from '../rating/ask-usage.ts'
import { type Basis, basisNow } from '../rating/basis.ts'
import type { Deduction } from '../rating/bill.ts'
import { billCoupons } from '../rating/bill-coupons.ts'
import { lateBillId } from '../rating/rate-bills.ts'

/** A final invoice, and when it became so. */
export type FinalInvoice = StoredInvoice & { readonly finalizedAt: Date }

/** What was true when an invoice was made, as far as it decides what its bill comes to. */
export function recordedBasis(
  tx: Tx,
  envId: number,
  invoice: FinalInvoice,
  deducted: readonly Deduction[] = [],
): Basis {
  const { state, content } = invoice
  const now = basisNow(tx, envId)
  const customer = taxedAs(content, deducted)
  const counted = countedBy(state.id, content)
  return {
    versions: now.versions,
    customers: async () => () => customer,
    grants: () => grantsUsedBy(tx, envId, state.id),
    coupons: now.coupons,
    async coverage(questions) {
      const covered = await now.coverage(questions.filter(({ id }) => !counted.has(id)))
      return (question: UsageQuestion) => counted.get(question.id) ?? covered(question)
    },
    totals: (asked) => recount(tx, envId, asked, content.usageBefore),
    isPassedOn: (meter, late) => {
      const line = content.lines.find(
        (each) => each.meterId === meter.id && each.late?.periodNo === late.periodNo,
      )
      return line ? line.amountMinor !== 0n : now.isPassedOn(meter, late)
    },
  }
}

/**
 * The same for what was used of a period that went on: units of credits are not noted on such an invoice, and
 * coupons counted that may have been taken away before the period was over.
 */
export function recordedBasisSoFar(tx: Tx, envId: number, invoice: FinalInvoice): Basis {
  const { state, finalizedAt: at } = invoice
  const taken = { invoiceId: state.id, at }
  const basis = recordedBasis(tx, envId, invoice)
  return {
    ...basis,
    async grants([customer = state.customer], window) {
      const used = await basis.grants([customer], window)
      const before = await grantsBefore(tx, envId, { customer, ...window }, taken)
      return [...used, ...before.filter(({ asset }) => asset.kind === 'units')]
    },
    coupons: (bills) => billCoupons(tx, envId, bills, new Date(at.getTime() + MOMENT_MS)),
  }
}

const MOMENT_MS = 1

/**
 * How the customer was taxed, as the lines show: not at all, all by one rate, or as the plan says. What was
 * billed before is taken off as it was taxed then.
 */
function taxedAs({ lines }: InvoiceContent, deducted: readonly Deduction[]): BillingDetails {
  const own = lines.filter((line) => !isDeduction(line, deducted))
  const [first = null, ...others] = new Set(own.map(({ taxRateId }) => taxRateId))
  const isOne = others.length === 0
  return { taxRateId: isOne ? first : null, isTaxExempt: isOne && first === null, netDays: null }
}

function isDeduction({ kind, name }: InvoiceLine, deducted: readonly Deduction[]): boolean {
  return kind === 'item' && deducted.some((each) => each.name === name)
}

/** Whose usage each line counted, by the question that asked for it. */
function countedBy(id: string, { lines }: InvoiceContent): ReadonlyMap<string, readonly Slice[]> {
  return new Map(
    lines.flatMap(({ meterId, late, coverage }) => {
      if (meterId === null) return []
      const billId = late ? lateBillId(id, late.periodNo) : id
      return [[questionId({ id: billId }, meterId), coverage]]
    }),
  )
}

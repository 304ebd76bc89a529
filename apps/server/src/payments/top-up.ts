import { decimal, formatDecimal, majorText } from '@usageflow/pricing'
import { metersById } from '../catalog/find-meter.ts'
import { balancesOf } from '../credits/balance.ts'
import { topUpWork } from '../credits/due-work.ts'
import { grantCredits } from '../credits/grant-credits.ts'
import { lockCredits } from '../credits/settle-use.ts'
import { createOneOff } from '../invoicing/create-one-off.ts'
import { lockPayable } from '../invoicing/payable-invoices.ts'
import { unsettledUse } from '../invoicing/unsettled-use.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { finish, postpone } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { schedule, scheduleNoLater } from '../platform/due/schedule.ts'
import { invariant } from '../platform/errors.ts'
import { appendFact } from '../platform/facts/append-fact.ts'
import { type AutoTopUp, freeFor } from './auto-top-up.ts'
import { selectAutoTopUp, selectAutoTopUps, updateNotBefore } from './auto-top-ups.store.ts'
import { newCharge } from './new-charge.ts'
import { selectDefaults } from './payment-methods.store.ts'
import { settleWork } from './payment-work.ts'
import { insertPayments } from './payments.store.ts'
import { insertTopUp, selectOpen, selectOpenOf, type TopUp, updateEnded } from './top-ups.store.ts'

const LOOK_AGAIN_MS = 3_600_000 // usage that is not invoiced yet takes units without a word
const AFTER_FAILURE_MS = 86_400_000
const PRIORITY = 100

/**
 * Looks whether a customer has too few credits, and buys what is missing: an invoice, and a charge that
 * settles after the commit. What is bought is granted when the invoice is paid.
 */
export async function topUpCustomer(tx: Tx, job: Job): Promise<void> {
  const { envId, ref: customer, now } = job
  await lockCredits(tx, envId, [customer])
  const wanted = await selectAutoTopUps(tx, envId, customer)
  const open = await selectOpen(tx, envId, customer)
  const balances = await balancesOf(tx, envId, { customer, unsettledUse }, now)
  for (const each of wanted) {
    const isFree = !open.has(each.id) && (each.notBefore === null || each.notBefore <= now)
    if (isFree && freeFor(each, balances) < each.below) await buy(tx, envId, each, now)
  }
  const next = nextLook(await selectAutoTopUps(tx, envId, customer), now)
  if (next) await postpone(tx, job, next)
  else await finish(tx, [job])
}

/** Money is taken by invoices only, and each change of the ledger has somebody look: no need to ask before. */
function nextLook(wanted: readonly AutoTopUp[], now: Date): Date | null {
  const times = wanted.flatMap(({ meterId, notBefore }) => {
    if (meterId !== null) return [new Date(now.getTime() + LOOK_AGAIN_MS)]
    return notBefore && notBefore > now ? [notBefore] : []
  })
  return times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null
}

async function buy(tx: Tx, envId: number, wanted: AutoTopUp, now: Date): Promise<void> {
  const { id: autoTopUpId, customer, meterId, currency, amount } = wanted
  const method = (await selectDefaults(tx, envId, [customer])).get(customer)
  if (!method) {
    await tellFailed(tx, envId, { wanted, invoiceId: null, failureCode: 'no_payment_method' }, now)
    return
  }
  const invoice = await createOneOff(tx, envId, await orderOf(tx, envId, wanted), now)
  const invoiceId = invoice.state.id
  await insertTopUp(tx, envId, { invoiceId, autoTopUpId, customer, meterId, currency, amount }, now)
  const payable = (await lockPayable(tx, envId, [invoiceId])).get(invoiceId)
  invariant(payable !== undefined, 'a one-off invoice is final at once')
  const charge = newCharge(payable, method, 'request', now)
  await insertPayments(tx, envId, [charge])
  await schedule(tx, envId, settleWork(charge.id, now))
}

/** No credits pay for it: else credits would buy credits. */
async function orderOf(tx: Tx, envId: number, wanted: AutoTopUp) {
  const { customer, meterId, currency, amount, priceMinor } = wanted
  const meter = meterId === null ? null : (await metersById(tx, envId, [meterId])).get(meterId)
  const bought = meter ? `${formatDecimal(amount)} ${meter.name}` : 'prepaid credit'
  const item = {
    description: `Top-up: ${bought}`,
    quantity: decimal('1'),
    unitAmount: majorText(priceMinor, currency),
    taxRate: null,
  }
  return { customer, currency, items: [item], netDays: 0, period: null, takesCredits: false }
}

/** Grants what an invoice, which the caller has locked and which is paid now, has bought. A repeat changes nothing. */
export async function grantBought(
  tx: Tx,
  envId: number,
  invoiceId: string,
  now: Date,
): Promise<void> {
  const bought = await selectOpenOf(tx, envId, invoiceId)
  if (!bought) return
  const { id } = await grantCredits(tx, envId, grantOf(bought, now), now)
  await updateEnded(tx, envId, invoiceId, id)
}

function grantOf({ customer, meterId, currency, amount }: TopUp, now: Date) {
  const asset =
    meterId === null
      ? ({ kind: 'money', currency, meterIds: null } as const)
      : ({ kind: 'units', meterId } as const)
  return {
    ...{ customer, asset, amount, from: now, to: null, priority: PRIORITY },
    ...({
      isPromotional: false,
      lowAt: null,
      source: 'top_up',
      name: 'Top-up',
      cycle: null,
    } as const),
  }
}

/** The invoice of a purchase, if it is one, will not be paid. Whether it was one. */
export async function giveUpTopUp(
  tx: Tx,
  envId: number,
  failed: { readonly invoiceId: string; readonly failureCode: string },
  now: Date,
): Promise<boolean> {
  const { invoiceId, failureCode } = failed
  const bought = await selectOpenOf(tx, envId, invoiceId)
  if (!bought) return false
  await updateEnded(tx, envId, invoiceId, null)
  const wanted = await selectAutoTopUp(tx, envId, bought.autoTopUpId)
  if (wanted) await tellFailed(tx, envId, { wanted, invoiceId, failureCode }, now)
  return true
}

async function tellFailed(
  tx: Tx,
  envId: number,
  failed: {
    readonly wanted: AutoTopUp
    readonly invoiceId: string | null
    readonly failureCode: string
  },
  now: Date,
): Promise<void> {
  const { wanted, invoiceId, failureCode } = failed
  const { id: autoTopUpId, customer: customerId, meterId, currency, priceMinor } = wanted
  const next = new Date(now.getTime() + AFTER_FAILURE_MS)
  await updateNotBefore(tx, envId, autoTopUpId, next)
  await scheduleNoLater(tx, envId, [topUpWork(customerId, next)])
  await appendFact(tx, envId, {
    type: 'credits.top_up_failed',
    at: now,
    data: {
      ...{ autoTopUpId, customerId, meterId, currency, priceMinor: String(priceMinor) },
      ...{ invoiceId, failureCode, nextAttemptAt: next.toISOString() },
    },
  })
}

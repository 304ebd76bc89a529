import { type Decimal, majorFromMinor, minorDigits, sum, ZERO } from '@usageflow/pricing'
import { metersById } from '../catalog/find-meter.ts'
import { type Balance, balancesOf } from '../credits/balance.ts'
import { billOf } from '../invoicing/bill-of.ts'
import { unsettledUse } from '../invoicing/unsettled-use.ts'
import { quantityOf, totals } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { questionId } from '../rating/ask-usage.ts'
import type { RatedBill, RatedUsage } from '../rating/bill.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { unsettledPeriods } from '../subscriptions/billed-periods.ts'
import { type Alert, type Level, NO_WINDOW } from './alert.ts'

type Asked = { readonly customer: string; readonly alerts: readonly Alert[] }

/** How far a customer has come by each of these alerts, with the usage that is counted now. */
export async function levelsOf(tx: Tx, envId: number, asked: Asked, now: Date): Promise<Level[]> {
  return [
    ...(await usageLevels(tx, envId, asked, now)),
    ...(await periodLevels(tx, envId, asked, now)),
    ...(await balanceLevels(tx, envId, asked, now)),
  ]
}

/** Of days and months of UTC: what the customer itself has used. */
async function usageLevels(tx: Tx, envId: number, asked: Asked, now: Date): Promise<Level[]> {
  const alerts = asked.alerts.filter(({ kind, span }) => kind === 'usage' && span !== 'period')
  if (alerts.length === 0) return []
  const meters = await metersById(
    tx,
    envId,
    alerts.flatMap(({ meterId }) => meterId ?? []),
  )
  const windows = alerts.flatMap((alert) => {
    const meter = meters.get(alert.meterId ?? '')
    return meter ? [{ alert, meter, ...windowAt(alert, now) }] : []
  })
  const { byId } = await totals(
    tx,
    envId,
    windows.map(({ alert, meter, from, to }) => ({
      id: alert.id,
      meterNo: meter.meterNo,
      slices: [{ customer: asked.customer, except: [], from, to }],
    })),
  )
  return windows.flatMap(({ alert, meter, from }) => {
    const total = byId.get(alert.id)
    if (!total) return []
    const value = quantityOf(meter, total)
    return [{ alert, subject: '', windowStart: from, value, included: null }]
  })
}

function windowAt({ span }: Alert, now: Date): { readonly from: Date; readonly to: Date } {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()]
  if (span === 'day')
    return {
      from: new Date(Date.UTC(year, month, day)),
      to: new Date(Date.UTC(year, month, day + 1)),
    }
  return { from: new Date(Date.UTC(year, month)), to: new Date(Date.UTC(year, month + 1)) }
}

/** Of the billing periods under way: all usage that they bill, and what they come to. */
async function periodLevels(tx: Tx, envId: number, asked: Asked, now: Date): Promise<Level[]> {
  const alerts = asked.alerts.filter(({ kind, span }) => kind === 'spend' || span === 'period')
  if (alerts.length === 0) return []
  const periods = await unsettledPeriods(tx, envId, asked.customer)
  const open = periods.filter(({ period }) => period.start <= now && now < period.end)
  if (open.length === 0) return []
  const bills = open.map((billed) => billOf(billed.subscription.id, 'period', billed))
  const { rated, usage } = await rateBills(tx, envId, bills)
  const usedOf = await usedInPeriods(tx, envId, { alerts, rated, usage })
  return rated.flatMap((bill) =>
    alerts.flatMap((alert) => {
      const level = alert.kind === 'spend' ? spendOf(alert, bill) : usedOf(alert, bill)
      const { subscription, usage: period } = bill.bill
      if (!level || !period || !isOn(alert, bill)) return []
      return [{ alert, subject: subscription.id, windowStart: period.start, ...level }]
    }),
  )
}

function isOn({ planId }: Alert, { bill }: RatedBill): boolean {
  return planId === null || bill.subscription.plan.id === planId
}

type Reached = Pick<Level, 'value' | 'included'>

/** With base price, coupons and taxes, as the preview of the invoice says. */
function spendOf({ currency }: Alert, { version, totalMinor }: RatedBill): Reached | null {
  if (version.currency !== currency) return null
  return { value: majorFromMinor(totalMinor, currency), included: null }
}

async function usedInPeriods(
  tx: Tx,
  envId: number,
  of: {
    readonly alerts: readonly Alert[]
    readonly rated: readonly RatedBill[]
    readonly usage: RatedUsage
  },
): Promise<(alert: Alert, bill: RatedBill) => Reached | null> {
  const meterIds = new Set(of.alerts.flatMap(({ meterId }) => meterId ?? []))
  const ids = new Set(
    of.rated.flatMap(({ bill }) => [...meterIds].map((meterId) => questionId(bill, meterId))),
  )
  const asked = of.usage.asked.filter(({ id }) => ids.has(id))
  const { byId } = await totals(
    tx,
    envId,
    asked.map(({ id, meterNo, slices }) => ({ id, meterNo, slices })),
  )
  return ({ meterId }, { bill, version, lines }) => {
    const price = version.prices.find(({ meter }) => meter.id === meterId)
    const total = price && byId.get(questionId(bill, price.meter.id))
    if (!price || !total) return null
    const included = lines.flatMap((line) =>
      line.billedMeter?.id === meterId && line.kind === 'usage' ? [line.included] : [],
    )
    return { value: quantityOf(price.meter, total), included: most(included) }
  }
}

function most(values: readonly (Decimal | null)[]): Decimal {
  return values.reduce<Decimal>(
    (most, value) => (value !== null && value > most ? value : most),
    ZERO,
  )
}

/** What is left, less what usage that is not invoiced yet will take; what is held will come back or be used. */
async function balanceLevels(tx: Tx, envId: number, asked: Asked, now: Date): Promise<Level[]> {
  const alerts = asked.alerts.filter(({ kind }) => kind === 'balance')
  if (alerts.length === 0) return []
  const { customer } = asked
  const balances = await balancesOf(tx, envId, { customer, unsettledUse }, now)
  return alerts.flatMap((alert) => {
    const mine = balances.filter(({ asset }) => isOf(alert, asset))
    if (mine.length === 0) return [] // who was granted nothing has not used it up
    const left = sum(mine.map(({ left, unsettled }) => (left - unsettled) as Decimal))
    const { currency } = alert
    const value = currency === null ? left : majorOf(left, currency)
    return [{ alert, subject: '', windowStart: NO_WINDOW, value, included: null }]
  })
}

function isOf({ meterId, currency }: Alert, asset: Balance['asset']): boolean {
  return asset.kind === 'units' ? asset.meterId === meterId : asset.currency === currency
}

/** Balances of money are whole minor units. */
function majorOf(minor: Decimal, currency: string): Decimal {
  return (minor / 10n ** BigInt(minorDigits(currency))) as Decimal
}

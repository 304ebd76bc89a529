import { decimal, formatDecimal, isCurrency } from '@usageflow/pricing'
import { findMeter } from '../catalog/find-meter.ts'
import { findPlan } from '../catalog/find-plan.ts'
import { alertWork } from '../credits/due-work.ts'
import { watchBalances } from '../credits/tell-levels.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { scheduleNoLater } from '../platform/due/schedule.ts'
import { newId } from '../platform/id.ts'
import type { Alert, Kind, Span } from './alert.ts'
import {
  deleteAlert,
  insertAlert,
  selectAlert,
  selectCustomersOf,
  updateAlert,
} from './alerts.store.ts'
import { failures } from './failures.ts'

/** An alert as it is asked for; meter and plan by id or key. */
export type WantedAlert = {
  readonly name: string
  readonly kind: Kind
  readonly customer: string | null
  readonly plan: string | null
  readonly meter: string | null
  readonly span: Span | null
  readonly currency: string | null
  readonly thresholds: readonly string[]
}

/**
 * Sets an alert, and has everybody looked at whom it is about. Throws `alert.impossible`, `customer.unknown`,
 * `meter.unknown` and `plan.unknown`.
 */
export async function setAlert(
  tx: Tx,
  envId: number,
  wanted: WantedAlert,
  now: Date,
): Promise<Alert> {
  assertWhole(wanted)
  const { name, kind, customer, meter, plan, span, currency } = wanted
  if (customer !== null) await getCustomer(tx, envId, customer)
  const alert: Alert = {
    ...{ id: newId('alr'), name, kind, customer, span, currency, createdAt: now },
    planId: plan === null ? null : (await findPlan(tx, envId, plan)).id,
    meterId: meter === null ? null : (await findMeter(tx, envId, meter)).id,
    thresholds: thresholdsOf(wanted),
  }
  await insertAlert(tx, envId, alert)
  if (kind === 'balance') await watchBalances(tx, envId)
  await lookAtAll(tx, envId, alert, now)
  return alert
}

/** Gives an alert another name or other thresholds; what was told is not told again. Throws as above, and `alert.unknown`. */
export async function changeAlert(
  tx: Tx,
  envId: number,
  change: {
    readonly id: string
    readonly name?: string | undefined
    readonly thresholds?: readonly string[] | undefined
  },
  now: Date,
): Promise<Alert> {
  const before = await getAlert(tx, envId, change.id)
  const { name = before.name, thresholds = before.thresholds } = change
  const alert = { ...before, name, thresholds: thresholdsOf({ ...before, thresholds }) }
  await updateAlert(tx, envId, alert)
  await lookAtAll(tx, envId, alert, now)
  return alert
}

/** Throws `alert.unknown`. */
export async function removeAlert(tx: Tx, envId: number, id: string): Promise<Alert> {
  const alert = await getAlert(tx, envId, id)
  await deleteAlert(tx, envId, id)
  return alert
}

/** Throws `alert.unknown`. */
export async function getAlert(tx: Tx, envId: number, id: string): Promise<Alert> {
  const alert = await selectAlert(tx, envId, id)
  if (!alert) throw failures.unknown(id)
  return alert
}

async function lookAtAll(tx: Tx, envId: number, alert: Alert, now: Date): Promise<void> {
  const customers = await selectCustomersOf(tx, envId, alert)
  const work = customers.map((customer) => alertWork(customer, now))
  await scheduleNoLater(tx, envId, work)
}

function assertWhole({ kind, meter, span, currency }: WantedAlert): void {
  if (kind === 'usage' && (meter === null || span === null || currency !== null))
    throw failures.impossible('usage is of a `meter` in a `window`')
  if (kind === 'spend' && (meter !== null || span !== null || currency === null))
    throw failures.impossible('spending is of a `currency`')
  if (kind === 'balance' && (span !== null || (meter === null) === (currency === null)))
    throw failures.impossible('a balance is of a `meter` or of a `currency`')
  if (currency !== null && !isCurrency(currency))
    throw failures.impossible(`there is no currency "${currency}"`)
}

/** The shortest text of each, every one once. */
function thresholdsOf({
  kind,
  span,
  thresholds,
}: Pick<WantedAlert, 'kind' | 'span' | 'thresholds'>): string[] {
  const texts = thresholds.map((text) => {
    const isPart = text.endsWith('%')
    if (isPart && (kind !== 'usage' || span !== 'period'))
      throw failures.impossible(
        'only usage of the window `period` has included units to take a part of',
      )
    return `${numberOf(isPart ? text.slice(0, -1) : text)}${isPart ? '%' : ''}`
  })
  const isZero = texts.some((text) => text === '0' || text === '0%')
  if (isZero && kind !== 'balance') throw failures.impossible('a threshold of 0 is always reached')
  return [...new Set(texts)]
}

function numberOf(text: string): string {
  try {
    const number = decimal(text)
    if (number >= 0n) return formatDecimal(number)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  throw failures.impossible(`"${text}" is no threshold: send "1000", or "80%"`)
}

import type { Fact } from '../../api/records.ts'
import { formatMoney, formatQuantity, formatThreshold } from '../../ui/format.ts'

type Data = Readonly<Record<string, unknown>>

/** What has happened, for people. Facts that this dashboard does not know yet keep the name they have. */
const WORDS: Readonly<Record<string, (data: Data) => string>> = {
  'invoice.created': (data) => `Draft over ${money(data, 'totalMinor')} made`,
  'invoice.finalized': (data) =>
    `Invoice ${text(data.number)} over ${money(data, 'totalMinor')} finalized`,
  'invoice.paid': (data) => `Invoice ${text(data.number)} paid`,
  'invoice.failed': (data) => `Invoice ${text(data.number)} could not be collected`,
  'invoice.voided': (data) => `Invoice ${text(data.number)} declared void`,
  'invoice.overdue': (data) => `Invoice ${text(data.number)} overdue`,
  'credit_note.created': (data) => `Credit note ${text(data.number)} issued`,
  'payment.succeeded': (data) => `${money(data, 'amountMinor')} paid`,
  'payment.failed': (data) =>
    `Payment of ${money(data, 'amountMinor')} failed${because(data.failureCode)}`,
  'payment.action_required': (data) =>
    `Payment of ${money(data, 'amountMinor')} waits for the customer`,
  'payment.canceled': (data) => `Payment of ${money(data, 'amountMinor')} given up`,
  'payment.surplus': (data) =>
    `Payment of ${money(data, 'amountMinor')} went through beside another one`,
  'payment.refunded': (data) => `${money(data, 'amountMinor')} refunded`,
  'payment.refund_failed': (data) =>
    `Refund of ${money(data, 'amountMinor')} failed${because(data.failureCode)}`,
  'dispute.opened': (data) =>
    `Payment of ${money(data, 'amountMinor')} disputed${because(data.reason)}`,
  'dispute.closed': (data) => `Dispute over ${money(data, 'amountMinor')} ${text(data.status)}`,
  'subscription.activated': (data) => `Put on ${plan(data)}`,
  'subscription.changed': (data) => `Changed to ${plan(data)}`,
  'subscription.trial_ended': (data) => `Trial of ${text(data.plan)} ended`,
  'subscription.paused': (data) => `${text(data.plan)} paused`,
  'subscription.suspended': (data) => `${text(data.plan)} suspended`,
  'subscription.resumed': (data) => `${text(data.plan)} resumed`,
  'subscription.canceled': (data) => `${text(data.plan)} ended`,
  'subscription.add_on_attached': (data) => `Add-on ${text(data.addOn)} attached`,
  'subscription.add_on_detached': (data) => `Add-on ${text(data.addOn)} detached`,
  'subscription.parked': (data) =>
    `Billing of ${text(data.plan)} stopped${because(data.parkedReason)}`,
  'subscription.unparked': (data) => `Billing of ${text(data.plan)} goes on`,
  'credits.granted': (data) => `${credits(data, 'granted')} granted`,
  'credits.low': (data) => `No more than ${credits(data, 'left')} left`,
  'credits.exhausted': () => 'Credits used up',
  'credits.top_up_failed': () => 'Buying more credits failed',
  'credits.expired': (data) => `${credits(data, 'left')} expired`,
  'usage.threshold_reached': (data) => `${named(data)}usage reached ${threshold(data)}`,
  'spend.threshold_reached': (data) => `${named(data)}spending reached ${threshold(data)}`,
  'balance.threshold_reached': (data) => `${named(data)}no more than ${threshold(data)} left`,
}

/** One line that says what the fact is about. */
export function factWords({ type, data }: Pick<Fact, 'type' | 'data'>): string {
  return WORDS[type]?.(data) ?? type
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

const WHOLE = /^-?\d+$/

function money(data: Data, member: string): string {
  return amountOf(data[member], data.currency) ?? ''
}

function amountOf(amountMinor: unknown, currency: unknown): string | null {
  const [amount, unit] = [text(amountMinor), text(currency)]
  return WHOLE.test(amount) && unit !== '' ? formatMoney(amount, unit) : null
}

/** `$25.00 of credits`, or `5,000 units of credits`. */
function credits(data: Data, member: string): string {
  const amount = data[member] as { units?: unknown; amountMinor?: unknown } | null | undefined
  const units = text(amount?.units)
  if (units !== '') return `${formatQuantity(units)} units of credits`
  const money = amountOf(amount?.amountMinor, data.currency)
  return money === null ? 'Credits' : `${money} of credits`
}

/** An alert need not have a name. */
function named({ name }: Data): string {
  return text(name) === '' ? 'Alert: ' : `${text(name)}: `
}

function threshold({ threshold, currency }: Data): string {
  return formatThreshold(text(threshold), text(currency) === '' ? null : text(currency))
}

function plan(data: Data): string {
  return `${text(data.plan)}, version ${text(data.planVersion)}`
}

function because(reason: unknown): string {
  const words = text(reason).replaceAll('_', ' ')
  return words === '' ? '' : `: ${words}`
}

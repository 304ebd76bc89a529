/** Every fact that a webhook can tell, with what it means. The reference page is made from it. */
export const FACT_TYPES = {
  'invoice.created':
    'A period has ended and its invoice stands as a draft, or one was made by hand.',
  'invoice.finalized': 'An invoice has its number and its final content.',
  'invoice.paid': 'An invoice has been paid, or had nothing to pay.',
  'invoice.failed': 'The payment of an invoice has failed.',
  'invoice.voided': 'An invoice has been declared void.',
  'invoice.overdue': 'An invoice was not paid by the time it was due.',
  'credit_note.created': 'An invoice, or a part of it, was taken back.',
  'payment.succeeded': 'A payment of an invoice has gone through.',
  'payment.failed':
    'An attempt to collect an invoice has failed; `nextAttemptAt` says when the next is.',
  'payment.action_required': 'The customer must do something before a payment goes through.',
  'payment.canceled': 'A payment was given up before it went through.',
  'payment.surplus':
    'A payment that was ended by hand has taken money that its invoice is not owed: give it back.',
  'payment.refunded': 'A payment, or a part of it, was given back.',
  'payment.refund_failed': 'A payment could not be given back.',
  'dispute.opened': 'A customer disputes a payment at a bank.',
  'dispute.closed': 'A dispute of a payment is over: won, lost, or closed without money moving.',
  'subscription.activated': 'A subscription has begun.',
  'subscription.changed': 'A subscription is sold as something else from now on.',
  'subscription.trial_ended': 'The trial of a subscription is over.',
  'subscription.paused': 'A subscription costs nothing until it is resumed.',
  'subscription.suspended': 'A subscription has been suspended.',
  'subscription.resumed': 'A subscription that was suspended or paused goes on.',
  'subscription.canceled': 'A subscription has ended.',
  'subscription.add_on_attached': 'A subscription gets an add-on, from the instant that it names.',
  'subscription.add_on_detached': 'A subscription loses an add-on, at the instant that it names.',
  'subscription.parked':
    'Billing of a subscription has stopped: a recount of the events did not agree with its usage.',
  'subscription.unparked': 'Billing of a parked subscription goes on.',
  'credits.granted': 'A customer was granted credits.',
  'credits.low': 'No more than the threshold of a grant is left of it.',
  'credits.exhausted': 'A customer has used the last of its credits of a meter or a currency.',
  'credits.top_up_failed': 'Credits were low, and buying more of them has failed.',
  'credits.expired': 'What was left of a grant has lapsed.',
  'usage.threshold_reached': 'The usage of a customer has reached a threshold of an alert.',
  'spend.threshold_reached':
    'What the period under way of a subscription comes to has reached a threshold of an alert.',
  'balance.threshold_reached': 'A customer has no more credits left than a threshold of an alert.',
  'webhook.test': 'Somebody tests an endpoint; sent to that endpoint only.',
  'webhook_endpoint.disabled':
    'An endpoint is sent nothing more: it answered 410 or failed for five days.',
} as const

const WILDCARD = '.*'

/** Whether an endpoint with this filter is told facts of this type. An empty filter takes all. */
export function isWanted(eventTypes: readonly string[], type: string): boolean {
  return eventTypes.length === 0 || eventTypes.some((wanted) => covers(wanted, type))
}

/** The entries of a filter that cover no type there is. */
export function unknownTypes(eventTypes: readonly string[]): string[] {
  const known = Object.keys(FACT_TYPES)
  return eventTypes.filter((wanted) => !known.some((type) => covers(wanted, type)))
}

/** `invoice.*` covers `invoice.paid`. */
function covers(wanted: string, type: string): boolean {
  if (!wanted.endsWith(WILDCARD)) return wanted === type
  return type.startsWith(wanted.slice(0, -1))
}

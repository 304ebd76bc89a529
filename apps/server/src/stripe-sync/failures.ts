import { atField, Failure } from '../platform/errors.ts'

/** About a field of the body, which forms show beside it. */
const wrongAt = (at: string, code: string, message: string) =>
  new Failure('invalid', code, message, atField(at, message))

export const failures = {
  triggerUnknown: (id: string) =>
    new Failure('not_found', 'stripe.trigger_unknown', `There is no Stripe trigger "${id}".`),

  recordUnknown: (id: string) =>
    new Failure('not_found', 'stripe.record_unknown', `There is no record "${id}".`),

  /** Nothing would say where the usage is to go. */
  meterNotNamed: () =>
    new Failure(
      'invalid',
      'stripe.meter_not_named',
      'Send `priceId`, `eventName`, or both: one of them says which meter of Stripe is fed.',
    ),

  priceUnknown: (price: string) =>
    wrongAt(
      '/priceId',
      'stripe.price_unknown',
      `The connected account of Stripe has no price "${price}".`,
    ),

  priceNotNamed: () =>
    wrongAt(
      '/priceId',
      'stripe.price_not_named',
      'Send `priceId`: the recurring price of Stripe whose quantity is set.',
    ),

  /** Only what is licensed has a quantity that can be set. */
  priceWithoutQuantity: (price: string, why: string) =>
    wrongAt(
      '/priceId',
      'stripe.price_without_quantity',
      `The price "${price}" has no quantity that could be set, as it ${why}.`,
    ),

  /** It would say nothing. */
  fieldOfOtherType: (field: string, type: string) =>
    wrongAt(
      `/${field}`,
      'stripe.field_of_other_type',
      `Leave out \`${field}\`: a trigger of the type ${type} has none.`,
    ),

  priceTaken: (price: string, trigger: string) =>
    new Failure(
      'conflict',
      'stripe.price_taken',
      `The trigger "${trigger}" sets the quantity of the price "${price}". Stop it first, or take another price.`,
    ),

  /** A customer would pay what stands on two. */
  invoicesTaken: (trigger: string) =>
    new Failure(
      'conflict',
      'stripe.invoices_taken',
      `The trigger "${trigger}" has invoices billed at Stripe already. Stop it first.`,
    ),

  collectionMethodAlone: () =>
    wrongAt(
      '/collectionMethod',
      'stripe.collection_method_alone',
      'Send `createInvoices: true` with `collectionMethod`: only an invoice that is made for ours is collected by it.',
    ),

  invoiceUnknown: (invoice: string) =>
    new Failure(
      'not_found',
      'stripe.invoice_unknown',
      `The invoice "${invoice}" was not handed over to Stripe.`,
    ),

  invoiceNotRefused: (invoice: string, state: string) =>
    new Failure(
      'conflict',
      'stripe.invoice_not_refused',
      `The invoice "${invoice}" is ${state} at Stripe: only what was refused can be tried again.`,
    ),

  /** Stripe has quantities or invoices there, and no sums. */
  notReconcilable: (trigger: string) =>
    new Failure(
      'invalid',
      'stripe.trigger_without_sums',
      `The trigger "${trigger}" tells no usage, of which Stripe would have sums. See its records.`,
    ),

  /** It says what is told. */
  meterMissing: (type: string) =>
    wrongAt(
      '/meter',
      'stripe.meter_missing',
      `Send \`meter\`: a trigger of the type ${type} tells one.`,
    ),

  priceNotMetered: (price: string) =>
    wrongAt(
      '/priceId',
      'stripe.price_not_metered',
      `The price "${price}" has no meter. Take a usage-based price, whose meter is made at Stripe first.`,
    ),

  eventNameUnknown: (name: string) =>
    wrongAt(
      '/eventName',
      'stripe.event_name_unknown',
      `No active meter of the connected account of Stripe has the event name "${name}".`,
    ),

  /** What is sent are differences by the hour: any other formula makes something else of them. */
  meterNotASum: (at: string, meter: string, why: string) =>
    wrongAt(
      at,
      'stripe.meter_not_a_sum',
      `The meter "${meter}" of Stripe ${why}. Take an active one that adds up raw events (formula sum).`,
    ),

  /** The quantities of its hours do not add up to that of a month. */
  meterDoesNotAddUp: (meter: string) =>
    wrongAt(
      '/meter',
      'stripe.meter_does_not_add_up',
      `The meter "${meter}" cannot be told hour by hour: it must count or add up (COUNT, SUM) and round nothing.`,
    ),

  eventNameTaken: (name: string, trigger: string) =>
    new Failure(
      'conflict',
      'stripe.event_name_taken',
      `The trigger "${trigger}" feeds the meter of Stripe with the event name "${name}". Stop it first, or take another meter.`,
    ),

  usageFromTooEarly: () =>
    wrongAt(
      '/usageFrom',
      'stripe.usage_from_too_early',
      'Send a full hour of the last 34 days as `usageFrom`: Stripe takes nothing older.',
    ),

  spanEmpty: () =>
    new Failure(
      'invalid',
      'stripe.span_empty',
      'Send a `to` that is at least an hour after `from`: Stripe is asked about whole hours.',
    ),

  notRefused: (id: string, state: string) =>
    new Failure(
      'conflict',
      'stripe.record_not_refused',
      `The record "${id}" is ${state}: only what was refused can be tried again.`,
    ),
}

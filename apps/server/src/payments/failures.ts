import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (payment: string) =>
    new Failure('not_found', 'payment.unknown', `There is no payment "${payment}".`),

  methodUnknown: (method: string) =>
    new Failure('not_found', 'payment.method_unknown', `There is no payment method "${method}".`),

  /** Test methods move no money: a live invoice must not look paid by them. */
  testMethodInLive: () =>
    new Failure(
      'conflict',
      'payment.test_method_in_live',
      'Test payment methods work in test environments only; use a test key (uf_test_…).',
    ),

  /** Two ways of paying one invoice at once could charge it twice. */
  underWay: (payment: string) =>
    new Failure(
      'conflict',
      'payment.under_way',
      `Payment ${payment} of this invoice is under way. Wait for its outcome, or cancel it if it waits for the customer.`,
      { payment },
    ),

  /** The customer would pay twice. */
  billedElsewhere: () =>
    new Failure(
      'conflict',
      'payment.billed_elsewhere',
      'This invoice was handed over to Stripe, which bills it. See how it stands there, or declare it void.',
    ),

  noMethod: (customer: string) =>
    new Failure(
      'conflict',
      'payment.no_method',
      `"${customer}" has no default payment method: attach one first.`,
    ),

  notCollectable: (status: string) =>
    new Failure(
      'conflict',
      'payment.not_collectable',
      `An invoice that is ${status} is not collected; one that is finalized or failed is.`,
      { status },
    ),

  notWaiting: (status: string) =>
    new Failure(
      'conflict',
      'payment.not_waiting',
      `The payment is ${status}; only one that is action_required can be canceled or acted on.`,
      { status },
    ),

  notPending: (status: string) =>
    new Failure(
      'conflict',
      'payment.not_pending',
      `The payment is ${status}; only one that is pending can be ended by hand. One that is action_required is canceled first.`,
      { status },
    ),

  /** Whoever acts for the customer of a real bank would only seem to. */
  notOfTestProvider: (payment: string, provider: string | null) =>
    new Failure(
      'conflict',
      'payment.not_of_test_provider',
      `Payment ${payment} is not by the test provider but by ${provider ?? 'nobody'}: only a test payment can be acted on here. Its customer acts at its \`actionUrl\`, if it has one.`,
      { provider },
    ),

  notRefundable: (status: string) =>
    new Failure(
      'conflict',
      'payment.not_refundable',
      `Only a charge that succeeded can be refunded; this payment is ${status}.`,
      { status },
    ),

  autoTopUpUnknown: (autoTopUp: string) =>
    new Failure('not_found', 'top_up.unknown', `There is no automatic top-up "${autoTopUp}".`),

  autoTopUpImpossible: (reason: string) =>
    new Failure(
      'invalid',
      'top_up.impossible',
      `Credits cannot be topped up like this: ${reason}.`,
    ),

  refundTooLarge: (leftMinor: string) =>
    new Failure(
      'invalid',
      'payment.refund_too_large',
      `At most ${leftMinor} (minor units) of this payment can still be refunded.`,
      { leftMinor },
    ),
}

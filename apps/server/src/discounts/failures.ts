import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (attachment: string) =>
    new Failure(
      'not_found',
      'coupon_attachment.unknown',
      `There is no attachment of a coupon "${attachment}".`,
    ),

  attachedAlready: (coupon: string) =>
    new Failure(
      'conflict',
      'coupon_attachment.attached_already',
      `Coupon "${coupon}" is attached there already; detach it first.`,
    ),

  ownerUnclear: () =>
    new Failure(
      'invalid',
      'coupon_attachment.owner_unclear',
      'Send either `customerId` or `subscriptionId`.',
    ),
}

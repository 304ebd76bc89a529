import { Failure } from '../platform/errors.ts'

export const failures = {
  unknown: (coupon: string) =>
    new Failure('not_found', 'coupon.unknown', `There is no coupon "${coupon}".`),

  keyTaken: (key: string) =>
    new Failure(
      'conflict',
      'coupon.key_taken',
      `There is a coupon with the key "${key}" already; a coupon never changes, so choose another key.`,
    ),

  /** A discount is a part or an amount, and lasts once, for some periods, or for ever. */
  contradictory: (reason: string) => new Failure('invalid', 'coupon.contradictory', reason),

  unavailable: (coupon: string, reason: string) =>
    new Failure('conflict', 'coupon.unavailable', `Coupon "${coupon}" ${reason}.`),
}

import Stripe from 'stripe'
import { modeOfKey } from './connection.ts'
import { failures } from './failures.ts'

/** How Stripe is reached. */
export type StripeApi = {
  /** What speaks with the account that the key belongs to. Throws `stripe.wrong_mode`. */
  clientOf(apiKey: string): Stripe
}

/** Answers are read as this version has them, whatever the account is set to. */
export const STRIPE_VERSION = '2026-10-28.endive'

const TIMEOUT_MS = 12_000 // three calls in a row are over before the lease of the work is

/**
 * `url` stands for Stripe in tests; null: Stripe itself. No live key is ever sent anywhere else. What fails is not
 * repeated here, unless the connection breaks at once and then under the same key: whoever asked finds out what became of it.
 */
export function createStripeApi(url: string | null): StripeApi {
  const httpClient = Stripe.createNodeHttpClient()
  const place = url === null ? {} : placeOf(new URL(url))
  return {
    clientOf(apiKey) {
      if (url !== null && modeOfKey(apiKey) !== 'test') throw failures.wrongMode('test')
      return new Stripe(apiKey, {
        ...{ apiVersion: STRIPE_VERSION, httpClient, timeout: TIMEOUT_MS, maxNetworkRetries: 0 },
        telemetry: false, // no figures of ours go along
        ...place,
      })
    },
  }
}

function placeOf({ protocol, hostname, port }: URL) {
  const isSecure = protocol === 'https:'
  return {
    protocol: isSecure ? ('https' as const) : ('http' as const),
    ...{ host: hostname, port: port || (isSecure ? '443' : '80') },
  }
}

/** Whether Stripe took the call for one that the connection does not allow: nothing was done. */
export function isRefusal(error: unknown): error is Stripe.errors.StripeError {
  const { StripeAuthenticationError, StripePermissionError } = Stripe.errors
  return error instanceof StripeAuthenticationError || error instanceof StripePermissionError
}

/** Whether Stripe says that there is no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === 'resource_missing'
}

/** What may still be under way, or was not looked at. */
const NOT_DECIDED: readonly (string | undefined)[] = [
  'idempotency_key_in_use',
  'lock_timeout',
  'rate_limit',
]

/** Whether Stripe says that it did not do what it was asked, and would not if it were asked again. */
export function isDefinite(error: unknown): error is Stripe.errors.StripeError {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) return false
  const isAnswer = error.statusCode === 400 || error.statusCode === 404
  return isAnswer && !NOT_DECIDED.includes(error.code)
}

/** Whether Stripe, as far as is known, has not said yet what there is: it may be asked again. */
export function isUndecided(error: unknown): error is Stripe.errors.StripeError {
  return error instanceof Stripe.errors.StripeError && !isDefinite(error)
}

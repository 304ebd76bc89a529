import { askedFor, boundAccount, type StripeDeps } from '../stripe/account.ts'
import { isMissing } from '../stripe/stripe-api.ts'
import { failures } from './failures.ts'

/** A price whose items have a quantity, and at which account. */
export type FoundPrice = { readonly accountId: string; readonly priceRef: string }

/**
 * Asks Stripe. Throws `stripe.price_not_named`, `stripe.price_unknown`, `stripe.price_without_quantity` for one that is not
 * active, not recurring or metered, and what `boundAccount` and `askedFor` throw.
 */
export async function lookUpPrice(
  deps: StripeDeps,
  envId: number,
  priceRef: string | null,
): Promise<FoundPrice> {
  if (priceRef === null) throw failures.priceNotNamed()
  const account = await boundAccount(deps, envId)
  const { active, recurring } = await askedFor(deps, envId, () =>
    account.client.prices.retrieve(priceRef).catch((error: unknown) => {
      throw isMissing(error) ? failures.priceUnknown(priceRef) : error
    }),
  )
  if (!active) throw failures.priceWithoutQuantity(priceRef, 'is not active: take an active one')
  if (recurring === null)
    throw failures.priceWithoutQuantity(priceRef, 'is paid once: take a recurring one')
  if (recurring.usage_type !== 'licensed')
    throw failures.priceWithoutQuantity(
      priceRef,
      'is usage-based: its meter is told with a trigger of the type `stripe_usage`',
    )
  return { accountId: account.id, priceRef }
}

import type Stripe from 'stripe'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { Failure } from '../platform/errors.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { sealContext } from './connection.ts'
import { forgetErrorBefore, selectConnection, updateLastError } from './connections.store.ts'
import { failures } from './failures.ts'
import { isDefinite, isRefusal, type StripeApi } from './stripe-api.ts'

/** What whoever speaks with Stripe needs. */
export type StripeDeps = {
  readonly db: Pick<Database, 'inTransaction'>
  readonly sealer: Sealer
  readonly api: StripeApi
  readonly clock: Clock
}

/** The account that an environment is bound to, to be asked. */
export type Account = { readonly id: string; readonly client: Stripe }

/** Null when the environment is bound to none. */
export async function accountOf(
  { db, sealer, api }: StripeDeps,
  envId: number,
): Promise<Account | null> {
  const found = await db.inTransaction((tx) => selectConnection(tx, envId))
  if (!found) return null
  const apiKey = sealer.open(found.sealedApiKey, sealContext(envId, 'api key'))
  return { id: found.accountId, client: api.clientOf(apiKey) }
}

/** The same; throws `stripe.not_connected`. */
export async function boundAccount(deps: StripeDeps, envId: number): Promise<Account> {
  const account = await accountOf(deps, envId)
  if (!account) throw failures.notConnected()
  return account
}

/**
 * Asks Stripe something, and remembers for people that it refused the key, until a later call goes well. Throws what
 * Stripe throws.
 */
export async function noting<T>(
  deps: StripeDeps,
  envId: number,
  ask: () => Promise<T>,
): Promise<T> {
  const askedAt = deps.clock()
  try {
    const answer = await ask()
    await deps.db.inTransaction((tx) => forgetErrorBefore(tx, envId, askedAt))
    return answer
  } catch (error) {
    if (isRefusal(error)) {
      const refused = { at: deps.clock(), code: error.code ?? error.type }
      await deps.db.inTransaction((tx) => updateLastError(tx, envId, refused))
    }
    throw error
  }
}

/**
 * The same for somebody who waits for the answer. Throws `stripe.key_refused`, `stripe.refused`,
 * `stripe.unreachable`, and whatever failure of ours `ask` throws.
 */
export async function askedFor<T>(
  deps: StripeDeps,
  envId: number,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await noting(deps, envId, ask)
  } catch (error) {
    if (error instanceof Failure) throw error
    if (isRefusal(error)) throw failures.keyRefused()
    throw isDefinite(error) ? failures.refused(error.code ?? error.type) : failures.unreachable()
  }
}

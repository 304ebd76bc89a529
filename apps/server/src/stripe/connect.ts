import { leaveMethods, leftCustomers } from '../payments/left-methods.ts'
import { isMovingMoney } from '../payments/wake-payment.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { schedule } from '../platform/due/schedule.ts'
import { invariant } from '../platform/errors.ts'
import { newId } from '../platform/id.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { type Connection, modeOfKey, sealContext } from './connection.ts'
import {
  deleteConnection,
  selectConnection,
  selectConnectionForUpdate,
  upsertConnection,
} from './connections.store.ts'
import { failures } from './failures.ts'
import { RETURN_KIND } from './return-work.ts'
import { isRefusal, type StripeApi } from './stripe-api.ts'
import { tellUsageOfAll } from './usage-work.ts'

/** A key, and the account that Stripe says it belongs to. */
export type ProvenKey = { readonly apiKey: string; readonly accountId: string }

/**
 * Asks Stripe whose key it is. Throws `stripe.wrong_mode` unless it moves the money of such an environment,
 * `stripe.key_refused` and `stripe.unreachable`.
 */
export async function proveKey(
  api: StripeApi,
  { apiKey, mode }: { readonly apiKey: string; readonly mode: 'live' | 'test' },
): Promise<ProvenKey> {
  if (modeOfKey(apiKey) !== mode) throw failures.wrongMode(mode)
  const client = api.clientOf(apiKey)
  try {
    const { id } = await client.accounts.retrieveCurrent()
    return { apiKey, accountId: id }
  } catch (error) {
    throw isRefusal(error) ? failures.keyRefused() : failures.unreachable()
  }
}

/**
 * Binds an environment to an account; what is null stays as it is. Methods of an earlier account are detached: no other
 * can charge them. They come back with it, if Stripe still has them then. Throws `stripe.key_missing` and, while an earlier account is moving money, `stripe.payments_open`.
 */
export async function connect(
  tx: Tx,
  envId: number,
  wanted: { readonly key: ProvenKey | null; readonly webhookSecret: string | null },
  { sealer, now }: { readonly sealer: Sealer; readonly now: Date },
): Promise<Connection> {
  const before = await selectConnectionForUpdate(tx, envId)
  const { key, webhookSecret } = wanted
  const accountId = key?.accountId ?? before?.accountId
  if (accountId === undefined) throw failures.keyMissing()
  const kept = before?.accountId === accountId ? before : undefined
  if (before && !kept) await leave(tx, envId, before.accountId, now)
  await upsertConnection(tx, envId, {
    ...{ id: kept?.id ?? newId('strc'), accountId, connectedAt: kept?.connectedAt ?? now },
    ...sealedKey(sealer, envId, { key, kept }),
    sealedWebhookSecret:
      webhookSecret === null
        ? (kept?.sealedWebhookSecret ?? null)
        : sealer.seal(webhookSecret, sealContext(envId, 'webhook secret')),
  })
  await tellUsageOfAll(tx, envId, now)
  if (!kept) await comeBackTo(tx, envId, accountId, now)
  const after = await readConnection(tx, envId)
  invariant(after !== null, 'what was just written is there')
  return after
}

function sealedKey(
  sealer: Sealer,
  envId: number,
  from: { readonly key: ProvenKey | null; readonly kept: SealedKey | undefined },
): SealedKey {
  const { key, kept } = from
  if (key === null) {
    if (!kept) throw failures.keyMissing()
    return { sealedApiKey: kept.sealedApiKey, apiKeyLastFour: kept.apiKeyLastFour }
  }
  const sealedApiKey = sealer.seal(key.apiKey, sealContext(envId, 'api key'))
  return { sealedApiKey, apiKeyLastFour: key.apiKey.slice(-4) }
}

type SealedKey = { readonly sealedApiKey: Buffer; readonly apiKeyLastFour: string }

/** Unbinds an environment. A repeat changes nothing. Throws `stripe.payments_open`. */
export async function disconnect(tx: Tx, envId: number, now: Date): Promise<void> {
  const before = await selectConnectionForUpdate(tx, envId)
  if (!before) return
  await leave(tx, envId, before.accountId, now)
  await deleteConnection(tx, envId)
}

async function leave(tx: Tx, envId: number, account: string, now: Date): Promise<void> {
  if (await isMovingMoney(tx, envId, 'stripe')) throw failures.paymentsOpen(account)
  await leaveMethods(tx, envId, { provider: 'stripe', account }, now)
}

/** Has customers get back what they could pay with when this account was left, if it was. */
async function comeBackTo(tx: Tx, envId: number, account: string, now: Date): Promise<void> {
  const some = await leftCustomers(tx, envId, { provider: 'stripe', account }, 1)
  if (some.length > 0) await schedule(tx, envId, { kind: RETURN_KIND, ref: account, at: now })
}

/** Null: the environment is bound to no account. */
export async function readConnection(tx: Tx, envId: number): Promise<Connection | null> {
  return (await selectConnection(tx, envId)) ?? null
}

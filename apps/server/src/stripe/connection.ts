import type { SealedPlace } from '../platform/secrets/reseal.ts'

/** The account of Stripe that moves the money of an environment. */
export type Connection = {
  /** In the address that Stripe sends events to. */
  readonly id: string
  readonly accountId: string
  readonly apiKeyLastFour: string
  /** Whether events can be verified. */
  readonly hasWebhookSecret: boolean
  readonly connectedAt: Date
  /** The last event that came, by real time. */
  readonly lastEvent: { readonly at: Date; readonly type: string } | null
  /** The last call that the key was refused for, by real time, unless one has gone well since. */
  readonly lastError: { readonly at: Date; readonly code: string } | null
}

const KEY = /^(sk|rk)_(test|live)_[A-Za-z0-9_]{8,240}$/

/** Which money a key moves; null when it is no secret or restricted key of Stripe. */
export function modeOfKey(apiKey: string): 'test' | 'live' | null {
  const mode = KEY.exec(apiKey)?.[2]
  return mode === 'test' || mode === 'live' ? mode : null
}

/** What a sealed secret of a connection belongs to: it can be opened as that alone. */
export function sealContext(envId: number, secret: 'api key' | 'webhook secret'): string {
  return `stripe ${secret} ${envId}`
}

export const SEALED_API_KEYS: SealedPlace = {
  ...{ what: 'keys of Stripe', table: 'stripe_connections', column: 'sealed_api_key' },
  keys: ['env_id'],
  context: (row) => sealContext(Number(row.env_id), 'api key'),
}

export const SEALED_WEBHOOK_SECRETS: SealedPlace = {
  ...{ what: 'webhook secrets of Stripe', table: 'stripe_connections' },
  ...{ column: 'sealed_webhook_secret', keys: ['env_id'] },
  context: (row) => sealContext(Number(row.env_id), 'webhook secret'),
}

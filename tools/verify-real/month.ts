import type { ApiClient } from '../../apps/server/src/cli/api-client.ts'
import type { ServerProcess } from '../server-process.ts'

/** A month of real usage: what is sold, how its usage gets in, and what is compared. */
export type Month = {
  readonly name: string
  /** The file in the folder of the data. */
  readonly file: string
  readonly from: string
  readonly to: string
  /** What time it is in the environment while usage comes in, and when all is invoiced. */
  readonly during: string
  readonly afterGrace: string
  readonly meters: readonly { readonly key: string; readonly [field: string]: unknown }[]
  /** The key of the meter that counts every event. */
  readonly counting: string
  readonly plan: { readonly key: string; readonly prices: readonly Price[] }
  /** Brings the usage in; a repeat must change nothing. Resolves to how many events there are. */
  send(to: Target): Promise<number>
  /** What a customer is given beside the plan. */
  grant?(api: ApiClient, customerId: string): Promise<void>
  /** What the expected file says of a customer. */
  describe(customer: Found): object
  /** What the expected file adds up. */
  totalOf(customer: Found): number
}

/** As the API takes it. */
export type Price = { readonly meter: string; readonly [field: string]: unknown }

export type Target = {
  readonly server: ServerProcess
  readonly api: ApiClient
  readonly key: string
  /** A copy that may be written beside. */
  readonly path: string
}

/** What the server answered about a customer. */
export type Found = {
  readonly events: number
  readonly quantities: Readonly<Record<string, string>>
  readonly linesCents: Readonly<Record<string, number>>
  readonly subtotalCents: number
  readonly amountDueCents: number
  /** Units, as text. */
  readonly unitCreditsUsed: string
  readonly monetaryCreditCents: number
}

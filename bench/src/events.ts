/** A usage event as a client of an AI API would send it: about 240 bytes of JSON with its key. */
export type SampleEvent = {
  readonly customer: string
  readonly metadata: Readonly<Record<string, string | number>>
}

/** What the events are called, everywhere in the bench. */
export const EVENT_NAME = 'api_call'

export const CUSTOMERS = 10_000
const USERS_PER_CUSTOMER = 4
const REGIONS = ['eu-central-1', 'us-east-1', 'ap-south-1']
const METHODS = ['GET', 'POST', 'GET', 'PUT', 'GET']

/**
 * The event of number `n`: always the same for the same number, so that a repeat has the same
 * content. Few customers send most of the events, as everywhere.
 */
export function sampleEvent(n: number): SampleEvent {
  const chance = scatter(n)
  const customer = customerName(Math.floor(CUSTOMERS * (chance / 2 ** 32) ** 3))
  return {
    customer,
    metadata: {
      route: `/v1/items/${chance % 50}`,
      method: METHODS[n % METHODS.length] ?? '',
      status: n % 20 === 0 ? 429 : 200,
      region: REGIONS[n % REGIONS.length] ?? '',
      user: `${customer}/${chance % USERS_PER_CUSTOMER}`,
    },
  }
}

export function customerName(n: number): string {
  return `customer_${String(n).padStart(5, '0')}`
}

/** Spreads neighbouring numbers over all 32-bit numbers. */
function scatter(n: number): number {
  let mixed = Math.imul(n + 0x9e3779b9, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

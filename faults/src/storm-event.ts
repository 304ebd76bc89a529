import type { Random } from './random.ts'

/** The event that all senders of one key send. */
export type StormEvent = {
  readonly key: string
  readonly customer: string
  readonly amount: number
  readonly tokens: number
}

/**
 * The event as JSON. `isOdd` spells the same differently: fields in another order, white space,
 * numbers as `1.0` or `1e0`. It must be known as the same event.
 */
export function spelled(event: StormEvent, random: Random, isOdd: boolean): string {
  const number = (value: number) => (isOdd ? oddly(value, random) : String(value))
  const fields = [
    '"name":"storm"',
    `"customerId":${JSON.stringify(event.customer)}`,
    `"idempotencyKey":${JSON.stringify(event.key)}`,
    `"amount":${number(event.amount)}`,
    metadata(event, number, isOdd),
  ]
  return isOdd ? `{ ${random.shuffled(fields).join(' ,\n ')} }` : `{${fields.join(',')}}`
}

function metadata(event: StormEvent, number: (value: number) => string, isOdd: boolean): string {
  const inner = [`"tokens":${number(event.tokens)}`, '"model":{"name":"m","size":"l"}']
  return `"metadata":{${(isOdd ? inner.reverse() : inner).join(',')}}`
}

function oddly(value: number, random: Random): string {
  return random.pick([`${value}.0`, `${value}e0`, `${value}.000`, `${value * 10}e-1`])
}

import { hash } from 'node:crypto'

const KEY_LENGTH_MAX = 255

/**
 * The idempotency key of an event that another product's client calls by `names`: the product, then each name, so that
 * the same name sent to two products, or to us, means two events. Whoever writes the key so at `POST /api/v1/events`
 * means the same event.
 */
export function keyFor(product: string, ...names: readonly string[]): string {
  const key = [product, ...names.map(encodeURIComponent)].join(':') // no name has a colon now: nothing runs together
  if (key.length <= KEY_LENGTH_MAX) return key
  return `${product}:sha256:${hash('sha256', key)}`
}

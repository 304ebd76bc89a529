import { describe, expect, test } from 'vitest'
import { eventJson, readEvent } from './event.ts'

const EVENT = { name: 'API_CALL', customerId: 'user_123' }

const written = (event: unknown) =>
  JSON.parse(eventJson(readEvent(event), '2026-03-01T00:00:00Z', 'k'))

describe('an event', () => {
  test('has an amount of 1 unless it says another, and may be named by metric', () => {
    expect(written({ metric: 'API_CALL', customerId: 'user_123' })).toEqual({
      ...EVENT,
      ...{ amount: '1', timestamp: '2026-03-01T00:00:00Z', idempotencyKey: 'k' },
    })
  })

  test.each([
    ['nothing', undefined, 'event'],
    ['no name', { customerId: 'a' }, 'name'],
    ['two names', { ...EVENT, metric: 'API_CALL' }, 'metric'],
    ['a name that is too long', { ...EVENT, name: 'n'.repeat(101) }, 'name'],
    ['no customer', { name: 'a' }, 'customerId'],
    ['a customer that is a number', { ...EVENT, customerId: 7 }, 'customerId'],
    ['half a character', { ...EVENT, customerId: '\ud800' }, 'customerId'],
    ['NUL in its metadata', { ...EVENT, metadata: { a: ['\0'] } }, 'metadata'],
    ['a list for metadata', { ...EVENT, metadata: [] }, 'metadata'],
    ['a date for metadata', { ...EVENT, metadata: new Date() }, 'metadata'],
    ['metadata of a megabyte', { ...EVENT, metadata: { a: 'x'.repeat(2 ** 20) } }, 'metadata'],
    ['a date that is none', { ...EVENT, timestamp: new Date('') }, 'timestamp'],
    ['a time that is a number', { ...EVENT, timestamp: 1 }, 'timestamp'],
    ['an empty key', { ...EVENT, idempotencyKey: '' }, 'idempotencyKey'],
    ['a key beyond ASCII', { ...EVENT, idempotencyKey: 'ü' }, 'idempotencyKey'],
    ['a field with a typo', { ...EVENT, amuont: 1 }, 'amuont'],
  ])('with %s is refused by the name of the field', (_what, event, field) => {
    expect(() => readEvent(event)).toThrow(new RegExp(`^${field}: `))
  })

  test('that cannot be written, or throws when it is read, is refused like any other', () => {
    const circle: Record<string, unknown> = {}
    circle.circle = circle
    const trap = Object.defineProperty({ ...EVENT }, 'amount', {
      enumerable: true,
      get: () => {
        throw new Error('uf_live_secret')
      },
    })
    expect(() => readEvent({ ...EVENT, metadata: circle })).toThrow(/^event: /)
    expect(() => readEvent(trap)).toThrow(/^event: (?!.*secret)/)
  })

  test('is not lost for a number in its metadata that the server would not take', () => {
    const metadata = { seconds: 0.1 + 0.2, big: 2n ** 70n, count: 3, none: Number.NaN }
    expect(written({ ...EVENT, metadata }).metadata).toEqual({
      ...{ seconds: '0.30000000000000004', big: '1180591620717411303424', count: 3, none: null },
    })
  })

  test('does not change any more when its host changes what it gave', () => {
    const metadata = { model: 'large' }
    const read = readEvent({ ...EVENT, metadata })
    metadata.model = 'small'
    expect(read.metadata).toBe('{"model":"large"}')
  })
})

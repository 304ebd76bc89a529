import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { newSecret, signedHeaders } from './sign.ts'

const timestampSeconds = Math.floor(Date.now() / 1_000)

describe('signedHeaders', () => {
  test('signs what the public library of Standard Webhooks verifies, whatever the text', () => {
    fc.assert(
      fc.property(fc.json(), fc.string({ unit: 'grapheme' }), (json, text) => {
        const secret = newSecret()
        const body = JSON.stringify({ json, text })
        const headers = signedHeaders([secret], { id: 'fact_1', timestampSeconds, body })
        expect(new Webhook(secret).verify(body, headers)).toEqual({ json, text })
      }),
    )
  })

  test('satisfies receivers that know either secret while one is being rotated', () => {
    const [old, fresh, other] = [newSecret(), newSecret(), newSecret()]
    const headers = signedHeaders([fresh, old], { id: 'fact_1', timestampSeconds, body: '{}' })
    expect(new Webhook(old).verify('{}', headers)).toEqual({})
    expect(new Webhook(fresh).verify('{}', headers)).toEqual({})
    expect(() => new Webhook(other).verify('{}', headers)).toThrow()
  })

  test.each([
    ['body', { body: '{ }' }],
    ['id', { id: 'fact_2' }],
    ['time', { timestampSeconds: timestampSeconds + 1 }],
  ])('does not hold for another %s', (_, other) => {
    const secret = newSecret()
    const sent = { id: 'fact_1', timestampSeconds, body: '{}' }
    const headers = signedHeaders([secret], { ...sent, ...other })
    const forged = { 'webhook-signature': String(headers['webhook-signature']) }
    const received = { ...signedHeaders([secret], sent), ...forged }
    expect(() => new Webhook(secret).verify('{}', received)).toThrow()
  })
})

test('a secret has 32 bytes, and no two are the same', () => {
  const secrets = Array.from({ length: 100 }, newSecret)
  expect(new Set(secrets).size).toBe(100)
  for (const secret of secrets) expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
})

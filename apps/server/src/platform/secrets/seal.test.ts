import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSealer, newEncryptionKey, parseEncryptionKeys } from './seal.ts'

/** `secret` of `a`, under 32 bytes of 7. */
const BEFORE_NAMES = 'AQEBAQEBAQEBAQEBAYMHGOxyPgW/kfO6/W4Hr1wFhOrF9cs='

const sealer = createSealer(...parseEncryptionKeys(newEncryptionKey()))

describe('a sealed secret', () => {
  test('opens to what was sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (secret, context) => {
        expect(sealer.open(sealer.seal(secret, context), context)).toBe(secret)
      }),
    )
  })

  test('shows nothing of itself, and looks different each time', () => {
    const sealed = Array.from({ length: 100 }, () => sealer.seal('whsec_canary', 'endpoint 1'))
    for (const one of sealed) expect(one.includes('canary')).toBe(false)
    expect(new Set(sealed.map((one) => one.toString('hex'))).size).toBe(100)
  })

  test('opens for nothing else than what it belongs to, so that it cannot be moved to another row', () => {
    const sealed = sealer.seal('secret', 'endpoint 1')
    for (const context of ['endpoint 2', 'endpoint 11', 'endpoint', ''])
      expect(() => sealer.open(sealed, context)).toThrow()
  })

  test('opens under no other key', () => {
    const other = createSealer(...parseEncryptionKeys(newEncryptionKey()))
    expect(() => other.open(sealer.seal('secret', 'a'), 'a')).toThrow()
  })

  test('opens when its key has become another one than the first', () => {
    const [early, late] = [newEncryptionKey(), newEncryptionKey()]
    const sealed = createSealer(...parseEncryptionKeys(early)).seal('secret', 'a')
    const both = createSealer(...parseEncryptionKeys(`${late},${early}`))
    expect(both.open(sealed, 'a')).toBe('secret')
    expect(sealed.subarray(0, both.mark.length).equals(both.mark)).toBe(false)
    const anew = both.seal('secret', 'a')
    expect(anew.subarray(0, both.mark.length).equals(both.mark)).toBe(true)
    expect(createSealer(...parseEncryptionKeys(late)).open(anew, 'a')).toBe('secret')
    expect(() => createSealer(...parseEncryptionKeys(early)).open(anew, 'a')).toThrow('not given')
  })

  test('opens as it was sealed before keys had names', () => {
    const key = Buffer.alloc(32, 7)
    const sealed = Buffer.from(BEFORE_NAMES, 'base64')
    const other = Buffer.alloc(32, 8)
    for (const keys of [[key], [other, key], [key, other]] as [Buffer][])
      expect(createSealer(...keys).open(sealed, 'a')).toBe('secret')
    expect(() => createSealer(other).open(sealed, 'a')).toThrow()
  })

  test('opens no more when any bit of it was changed, or any of it is missing', () => {
    const sealed = sealer.seal('secret', 'a')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => sealer.open(changed, 'a'), `bit ${bit}`).toThrow()
    }
    for (let length = 0; length < sealed.length; length++)
      expect(() => sealer.open(sealed.subarray(0, length), 'a'), `${length} bytes`).toThrow()
  })

  test('says nothing of the secret when it does not open', () => {
    const message = (() => {
      try {
        return sealer.open(sealer.seal('canary', 'a'), 'b')
      } catch (error) {
        return String(error)
      }
    })()
    expect(message).not.toContain('canary')
  })
})

describe('an encryption key', () => {
  test('is 32 bytes, in base64 or hex', () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, n) => n * 8))
    for (const text of [
      key.toString('base64'),
      key.toString('base64url'),
      key.toString('hex'),
      key.toString('hex').toUpperCase(),
    ])
      expect(parseEncryptionKeys(text)).toEqual([key])
    expect(parseEncryptionKeys(newEncryptionKey())[0]).toHaveLength(32)
    expect(newEncryptionKey()).not.toBe(newEncryptionKey())
  })

  test.each([
    ['nothing', ''],
    ['a word', 'secret'],
    ['a byte too few', Buffer.alloc(31).toString('base64')],
    ['a byte too many', Buffer.alloc(33).toString('base64')],
    ['something else in the middle', newEncryptionKey().replace(/^(.{20})/, '$1 ')],
    ['half of a hex key', '0'.repeat(63)],
    ['the same key twice', `${'0'.repeat(64)},${Buffer.alloc(32).toString('base64')}`],
    ['a key and a word', `${newEncryptionKey()},secret`],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseEncryptionKeys(text)).toThrow('USAGEFLOW_ENCRYPTION_KEY')
  })

  test('may be followed by others, apart by commas or, as in a file, by line breaks', () => {
    const [one, other] = [newEncryptionKey(), newEncryptionKey()]
    const both = [one, other].map((text) => Buffer.from(text, 'base64'))
    for (const text of [`${one},${other}`, `${one}, ${other}`, `${one}\n${other}\n`])
      expect(parseEncryptionKeys(text)).toEqual(both)
  })

  test('of another length seals nothing', () => {
    expect(() => createSealer(Buffer.alloc(16))).toThrow('must have 32')
  })
})

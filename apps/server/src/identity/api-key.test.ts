import { expect, test } from 'vitest'
import { randomBase62 } from '../platform/random.ts'
import { apiKeyText, hashOfKey, modeOfKey, SECRET_LENGTH, shownParts } from './api-key.ts'

const key = apiKeyText('live', randomBase62(SECRET_LENGTH))

test('a key says its mode and has at least 30 random characters and a checksum of six', () => {
  expect(key).toMatch(/^uf_live_[0-9A-Za-z]{38}$/)
  expect(modeOfKey(key)).toBe('live')
  expect(modeOfKey(apiKeyText('test', randomBase62(SECRET_LENGTH)))).toBe('test')
})

test('every change of one character is caught without the database', () => {
  for (let at = 8; at < key.length; at += 1) {
    for (const letter of '09AZaz') {
      if (letter === key[at]) continue
      expect(modeOfKey(key.slice(0, at) + letter + key.slice(at + 1))).toBeNull()
    }
  }
})

test('every swap of two neighbours is caught', () => {
  for (let at = 8; at < key.length - 1; at += 1) {
    if (key[at] === key[at + 1]) continue
    const swapped = key.slice(0, at) + key[at + 1] + key[at] + key.slice(at + 2)
    expect(modeOfKey(swapped)).toBeNull()
  }
})

test('a live key cannot be passed off as a test key', () => {
  expect(modeOfKey(key.replace('live', 'test'))).toBeNull()
})

test.each(['', 'uf_live_', ` ${key}`, `${key} `, `${key}\n`, key.toUpperCase()])(
  'refuses %j',
  (text) => {
    expect(modeOfKey(text)).toBeNull()
  },
)

test('what is shown and stored does not give the key away', () => {
  const { prefix, lastFour } = shownParts(key)
  expect(prefix.length + lastFour.length).toBeLessThan(17)
  expect(hashOfKey(key)).toHaveLength(32)
})

import { describe, expect, test } from 'vitest'
import { Failure } from '../platform/errors.ts'
import { assertOwnOrigin, isAskedHere, publicPlace } from './origins.ts'
import { cookieName, storedToken, tokenOf } from './session-token.ts'

const place = publicPlace('https://usage.example.com')

function judged(method: string, headers: Record<string, string>): string {
  try {
    assertOwnOrigin({ method, headers }, place)
    return 'own'
  } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
}

describe('a request with a cookie', () => {
  test.each([
    ['POST', { origin: 'https://usage.example.com', 'sec-fetch-site': 'same-origin' }],
    ['POST', { origin: 'https://usage.example.com' }], // of an older browser
    ['GET', {}],
    ['GET', { 'sec-fetch-site': 'none' }],
  ])('%s %j is our own', (method, headers) => {
    expect(judged(method, headers)).toBe('own')
  })

  test.each([
    ['POST', {}],
    ['POST', { origin: 'null' }],
    ['DELETE', { origin: 'https://evil.example' }],
    ['POST', { origin: 'http://usage.example.com' }],
    ['POST', { origin: 'https://usage.example.com:444' }],
    ['POST', { origin: 'https://usage.example.com.evil.example' }],
    ['POST', { origin: 'https://other.example.com', 'sec-fetch-site': 'same-site' }],
    ['GET', { 'sec-fetch-site': 'cross-site' }],
    ['GET', { 'sec-fetch-site': 'same-site' }],
    ['GET', { origin: 'https://evil.example' }],
  ])('%s %j is not', (method, headers) => {
    expect(judged(method, headers)).toBe('auth.origin_refused')
  })
})

describe('a public place', () => {
  test('on this machine has all names of this machine', () => {
    const local = publicPlace('http://127.0.0.1:4400')
    expect(local).toMatchObject({ origin: 'http://127.0.0.1:4400', isLoopback: true })
    expect(local.origins).toContain('http://localhost:4400')
    expect(isAskedHere({ host: 'localhost:4400' }, local)).toBe(true)
    expect(isAskedHere({ host: 'rebound.evil.example:4400' }, local)).toBe(false)
  })

  test('that listens everywhere is reached by name here, and trusts nobody to be here', () => {
    const open = publicPlace('http://0.0.0.0:4400')
    expect(open).toMatchObject({ origin: 'http://localhost:4400', isLoopback: false })
    expect(isAskedHere({ host: 'localhost:4400' }, open)).toBe(false)
  })

  test('elsewhere has one', () => {
    expect(place).toMatchObject({ origins: ['https://usage.example.com'], isSecure: true })
    expect(() => publicPlace('ftp://usage.example.com')).toThrow(RangeError)
  })
})

describe('the token of a session', () => {
  test('is read from its own cookie alone, and not when there are two', () => {
    const name = cookieName(true)
    expect(name).toBe('__Host-uf')
    expect(tokenOf('a=b; __Host-uf=tok.sig', name)).toBe('tok')
    expect(tokenOf('__Host-uf=tok%2Esig', name)).toBe('tok')
    expect(tokenOf('uf=tok; x__Host-uf=tok', name)).toBeNull()
    expect(tokenOf(undefined, name)).toBeNull()
    expect(tokenOf('__Host-uf=one.s; __Host-uf=two.s', name)).toBe('') // which is nobody's
  })

  test('is stored as its hash', () => {
    expect(storedToken('tok')).toMatch(/^sha256:[\w-]{43}$/)
    expect(storedToken('tok')).not.toBe(storedToken('tok2'))
  })
})

import { expect, test } from 'vitest'
import { requestsFor } from './requests-for.ts'

/** As long as the API lets an id be, of a character that takes most in an address. */
const LONGEST = '\u{10348}'.repeat(255)

function addressOf(ids: readonly string[]): string {
  return new URLSearchParams(ids.map((id) => ['customerId', id])).toString()
}

test('the customers of a page are asked for in one request', () => {
  const ids = Array.from({ length: 100 }, (_, n) => `customer-${n}`)
  expect(requestsFor(ids)).toEqual([ids])
  expect(requestsFor([])).toEqual([])
})

test('no request asks for more customers than the API answers', () => {
  const ids = Array.from({ length: 401 }, (_, n) => `c${n}`)
  expect(requestsFor(ids).map(({ length }) => length)).toEqual([200, 200, 1])
  expect(requestsFor(ids).flat()).toEqual(ids)
})

test('no request is longer than what lies between lets through', () => {
  const ids = Array.from({ length: 200 }, (_, n) => `${LONGEST.slice(0, 500)}${n}`)
  const requests = requestsFor(ids)
  expect(requests.flat()).toEqual(ids)
  for (const request of requests) expect(addressOf(request).length).toBeLessThan(8000)
})

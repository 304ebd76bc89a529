import { expect, test } from 'vitest'
import { identify, identityKey, queryNames } from './index.ts'

test('what a body inherits is not in it, so a polluted prototype names no customer', () => {
  const body = Object.create({ userId: 'everybody' })
  const strategy = [{ from: 'body', name: 'userId' }] as const
  expect(identify(strategy, { body }).kind).toBe('network')
})

test('a customer that is called like an address has a limit of its own', () => {
  const customer = identityKey({ kind: 'customer', id: '192.0.2.1' })
  expect(customer).not.toBe(identityKey({ kind: 'network', id: '192.0.2.1' }))
})

test('of a query the names are told, each once, and no value', () => {
  expect(queryNames('?a=secret&b&a=2&%63=3&=4&%ff=5')).toEqual(['a', 'b', 'c'])
  expect(queryNames('')).toEqual([])
})

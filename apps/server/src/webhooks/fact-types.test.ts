import { describe, expect, test } from 'vitest'
import { isWanted, unknownTypes } from './fact-types.ts'

describe('a filter', () => {
  test.each([
    [[], 'invoice.paid', true],
    [['invoice.paid'], 'invoice.paid', true],
    [['invoice.paid'], 'invoice.failed', false],
    [['invoice.*'], 'invoice.failed', true],
    [['invoice.*'], 'subscription.canceled', false],
    [['webhook.*'], 'webhook_endpoint.disabled', false],
    [['subscription.canceled', 'invoice.*'], 'subscription.canceled', true],
  ])('%j wants %s: %s', (types, type, wanted) => expect(isWanted(types, type)).toBe(wanted))

  test('names a type that does not exist, so that a typo is not silence', () => {
    const typos = ['invoice.payed', 'invoices.*', '*', '.*', 'invoice', 'invoice.', 'INVOICE.*']
    expect(unknownTypes([...typos, 'invoice.paid', 'invoice.*'])).toEqual(typos)
  })
})

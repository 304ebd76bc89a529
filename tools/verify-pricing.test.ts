import { describe, expect, test } from 'vitest'
import * as sound from '../packages/pricing/src/index.ts'
import { answerOf } from './verify-pricing/answer.ts'
import type { PricingCase } from './verify-pricing/case.ts'
import { DEFECTS } from './verify-pricing/defects.ts'
import { readOptions } from './verify-pricing/options.ts'
import { hasPython, startOracle } from './verify-pricing/oracle.ts'
import { randomCase } from './verify-pricing/random-case.ts'
import { shrunk } from './verify-pricing/shrink.ts'
import { verifyPricing } from './verify-pricing.ts'

const TIMEOUT_MS = 120_000
const silent = () => {}

describe('packages/pricing and the second implementation', () => {
  test('agree in every field of 1,000 random invoices', async () => {
    if (!canCompare()) return
    const options = readOptions(['--cases', '1000', '--seed', 'test', '--processes', '1'])
    expect(await verifyPricing(options, silent)).toBe(null)
  })

  test.each(Object.values(DEFECTS))(
    'differ within 10,000 when $why ($name)',
    async ({ name }) => {
      if (!canCompare()) return
      const options = readOptions(['--defect', name, '--processes', '1'])
      expect(options.cases).toBe(10_000)
      const difference = await verifyPricing(options, silent)
      expect(difference?.ours).not.toBe(difference?.theirs)
      // What is shown is a case that the sound implementation answers as the oracle does.
      expect(difference && answerOf(sound, difference.given)).toBe(difference?.theirs)
    },
    TIMEOUT_MS,
  )

  test('differ when one of them cannot answer', async () => {
    if (!canCompare()) return
    const oracle = startOracle()
    const impossible = { ...randomCase('1', 0), currency: 'XXX' }
    const [theirs = ''] = await oracle.ask([JSON.stringify(impossible)])
    oracle.stop()
    const ours = answerOf(sound, impossible)
    expect([ours, theirs].map((answer) => answer.startsWith('{"error"'))).toEqual([true, true])
    expect(ours).not.toBe(theirs)
  })
})

test('a case is the same for the same seed and number, whatever came before', () => {
  expect(randomCase('1', 77)).toEqual(randomCase('1', 77))
  expect(randomCase('1', 77)).not.toEqual(randomCase('2', 77))
})

test('a difference is shown in a case that has nothing in it which it does not need', async () => {
  if (!canCompare()) return
  const given = randomCase('1', 5)
  const blind = { ...sound, composeInvoice: forgetsItems }
  const withItem: PricingCase = {
    ...given,
    items: [...given.items, { name: 'I', amount: 5000, quantity: '3', tax: null }],
  }
  const oracle = startOracle()
  const [theirs = ''] = await oracle.ask([JSON.stringify(withItem)])
  const difference = { index: 5, given: withItem, ours: answerOf(blind, withItem), theirs }
  const { given: smallest } = await shrunk(blind, oracle, difference)
  oracle.stop()
  expect(smallest).toMatchObject({ base: null, flats: [], meters: [], coupons: [], taxes: [] })
  expect(smallest.items).toHaveLength(1)
})

function forgetsItems(input: sound.InvoiceInput): sound.Invoice {
  return sound.composeInvoice({ ...input, items: [] })
}

function canCompare(): boolean {
  if (hasPython()) return true
  console.info('there is no python3 here: nothing was compared with the second implementation')
  return false
}

import { expect, test } from 'vitest'
import { totalsOf } from './simulation.ts'

test('what is compared is added up exactly, and no currency with another', () => {
  const row = (currency: string, beforeMinor: string, afterMinor: string) => ({
    ...{ currency, beforeMinor, afterMinor },
  })
  const huge = '9007199254740993' // a float would lose the last digit
  expect(totalsOf([row('USD', huge, '0'), row('EUR', '5', '7'), row('USD', '1', '2')])).toEqual([
    {
      ...{ currency: 'USD', count: 2, beforeMinor: '9007199254740994', afterMinor: '2' },
      differenceMinor: '-9007199254740992',
    },
    { currency: 'EUR', count: 1, beforeMinor: '5', afterMinor: '7', differenceMinor: '2' },
  ])
  expect(totalsOf([])).toEqual([])
})

// Says to UsageFlow what this generator sells. What is there already stays: run it as often as you like.
import { make } from './usage-flow-api.mjs'

/** Two meters read the events IMAGE: each the pictures of one quality, and none that failed. */
for (const [key, name, quality] of [
  ['STANDARD_IMAGE', 'Standard images', 'standard'],
  ['HD_IMAGE', 'HD images', 'hd'],
])
  await make('meters', {
    ...{ key, name, unit: 'images', eventName: 'IMAGE' },
    filter: {
      and: [
        { property: 'status', operator: 'eq', value: 'succeeded' },
        { property: 'quality', operator: 'eq', value: quality },
      ],
    },
  })
await make('plans', {
  key: 'pictures',
  name: 'Pictures',
  currency: 'USD',
  cycle: 'month',
  basePrice: '0',
  prices: [
    { meter: 'STANDARD_IMAGE', model: 'per_unit', unitPrice: '0.04' },
    { meter: 'HD_IMAGE', model: 'per_unit', unitPrice: '0.08' },
  ],
})
for (const customerId of ['ann', 'bob']) {
  await make('customers', { customerId })
  await make('subscriptions', { customerId, plan: 'pictures' })
}
console.log('Pictures are on sale: $0.04 for a standard one, $0.08 in HD.')

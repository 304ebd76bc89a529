// Says to UsageFlow what this API sells and how it is held. What is there already stays: run it as often as you like.

const { USAGEFLOW_URL = 'http://127.0.0.1:4400', USAGEFLOW_API_KEY = '' } = process.env

await make('meters', { key: 'CHARACTER', name: 'Characters', unit: 'characters' })
await make('plans', {
  key: 'translations',
  name: 'Translations',
  currency: 'USD',
  cycle: 'month',
  basePrice: '0',
  prices: [
    {
      meter: 'CHARACTER',
      model: 'graduated',
      tiers: [
        { upTo: '10000', unitPrice: '0.0002' },
        { upTo: null, unitPrice: '0.0001' },
      ],
    },
  ],
})
for (const customerId of ['ann', 'bob']) {
  await make('customers', { customerId })
  await make('subscriptions', { customerId, plan: 'translations' })
}
await make('control/strategies', {
  key: 'by-account',
  name: 'By account',
  sources: [{ from: 'claim', name: 'sub' }],
})
await make('control/policies', {
  key: 'translations',
  name: 'Translations',
  application: 'translations',
  method: 'POST',
  url: '/v1/translations',
  strategy: 'by-account',
  limits: [{ name: 'translations', algorithm: 'token_bucket', limit: 20, window: '1m' }],
  metering: [{ event: 'CHARACTER', quantity: 'response.body.characters', when: ['2xx'] }],
})
console.log(
  'Translations are on sale: $0.20 for each 1,000 characters, from 10,000 a month on $0.10.',
)

async function make(what, body) {
  const answer = await fetch(`${USAGEFLOW_URL}/api/v1/${what}`, {
    method: 'POST',
    headers: { 'x-usageflow-api-key': USAGEFLOW_API_KEY, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok && answer.status !== 409) throw new Error(`${what}: ${await answer.text()}`)
}

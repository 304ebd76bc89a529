// Says to UsageFlow what this API sells and how it is held. What is there already stays: run it as often as you like.

const { USAGEFLOW_URL = 'http://127.0.0.1:4400', USAGEFLOW_API_KEY = '' } = process.env

await make('meters', { key: 'MAIL', name: 'Mails', unit: 'mails' })
await make('plans', {
  key: 'mails',
  name: 'Mails',
  currency: 'USD',
  cycle: 'month',
  basePrice: '3',
  prices: [{ meter: 'MAIL', model: 'per_unit', includedUnits: '5', unitPrice: '0.05' }],
})
for (const customerId of ['ann', 'bob']) {
  await make('customers', { customerId })
  await make('subscriptions', { customerId, plan: 'mails' })
}
await make('control/strategies', {
  key: 'by-account',
  name: 'By account',
  sources: [{ from: 'claim', name: 'sub' }],
})
await make('control/policies', {
  key: 'mails',
  name: 'Mails',
  application: 'mails',
  method: 'POST',
  url: '/v1/mails',
  strategy: 'by-account',
  limits: [{ name: 'mails', algorithm: 'token_bucket', limit: 20, window: '1m' }],
  metering: [
    {
      event: 'MAIL',
      quantity: 'response.body.accepted * (request.bytes > 10000 ? 2 : 1)',
      when: ['2xx'],
    },
  ],
})
console.log(
  'Mails are on sale: $3.00 a month with 5 mails, then $0.05 each; long ones count twice.',
)

async function make(what, body) {
  const answer = await fetch(`${USAGEFLOW_URL}/api/v1/${what}`, {
    method: 'POST',
    headers: { 'x-usageflow-api-key': USAGEFLOW_API_KEY, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok && answer.status !== 409) throw new Error(`${what}: ${await answer.text()}`)
}

// Says to UsageFlow what this API sells and how it is held. What is there already stays: run it as often as you like.

const { USAGEFLOW_URL = 'http://127.0.0.1:4400', USAGEFLOW_API_KEY = '' } = process.env

await make('meters', { key: 'AI_TOKEN', name: 'Tokens', unit: 'tokens' })
await make('plans', {
  key: 'ai-pro',
  name: 'AI Pro',
  currency: 'USD',
  cycle: 'month',
  basePrice: '20',
  prices: [{ meter: 'AI_TOKEN', model: 'per_unit', includedUnits: '1000', unitPrice: '0.002' }],
})
for (const customerId of ['ann', 'bob']) {
  await make('customers', { customerId })
  await make('subscriptions', { customerId, plan: 'ai-pro' })
}
await make('control/strategies', {
  key: 'by-account',
  name: 'By account',
  sources: [{ from: 'claim', name: 'sub' }],
})
await make('control/policies', {
  key: 'chat',
  name: 'Chat',
  application: 'ai-api',
  method: 'POST',
  url: '/v1/chat',
  strategy: 'by-account',
  limits: [{ name: 'chat', algorithm: 'token_bucket', limit: 20, window: '1m' }],
  metering: [{ event: 'AI_TOKEN', quantity: 'response.body.usage.total_tokens', when: ['2xx'] }],
})
console.log('AI Pro is on sale: $20.00 a month with 1,000 tokens, then $2.00 for each 1,000.')

async function make(what, body) {
  const answer = await fetch(`${USAGEFLOW_URL}/api/v1/${what}`, {
    method: 'POST',
    headers: { 'x-usageflow-api-key': USAGEFLOW_API_KEY, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok && answer.status !== 409) throw new Error(`${what}: ${await answer.text()}`)
}

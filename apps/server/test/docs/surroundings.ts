/** Calls the API of the page's test environment; paths begin after `/api/v1`. Throws for what is no success. */
export type Call = (
  method: string,
  path: string,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came
) => Promise<any>

/** Pages that say how to make all they need themselves. */
const FROM_NOTHING: ReadonlySet<string> = new Set(['getting-started', 'image-generator'])

/** What the other pages take for granted. Resolves to what their shells call by name. */
export async function prepare(page: string, call: Call): Promise<Readonly<Record<string, string>>> {
  if (FROM_NOTHING.has(page)) return {}
  const keys = ['API_CALL', 'TOKENS', 'AI_TOKEN', ...(page === 'meters' ? [] : ['BANDWIDTH'])]
  for (const key of keys) await call('POST', '/meters', { key, groupBy: [] })
  await call('POST', '/meters', { key: 'IMAGES', groupBy: ['quality'] })
  for (const [key, percent] of [
    ['vat-19', '19'],
    ['vat-7', '7'],
  ])
    await call('POST', '/tax-rates', { key, name: 'VAT', percent })
  const money = { currency: 'USD', recurring: 'period', amount: '10' }
  await call('POST', '/add-ons', { key: 'extra-seat', name: 'Extra seat', ...money })
  await call('POST', '/plans', {
    ...{ key: 'pro', name: 'Pro', currency: 'USD', cycle: 'month', basePrice: '100' },
    prices: [{ meter: 'API_CALL', model: 'per_unit', includedUnits: '10000', unitPrice: '0.01' }],
  })
  if (page === 'portal') {
    const starter = { key: 'starter', name: 'Starter', currency: 'USD', cycle: 'month' }
    await call('POST', '/plans', { ...starter, basePrice: '10' })
  }
  if (page === 'customers') return {}
  await call('POST', '/customers', { customerId: 'user_123' })
  await call('POST', '/customers/user_123/credits', { meter: 'TOKENS', units: '5000' })
  if (page === 'plans-and-subscriptions') {
    await call('POST', '/customers', { customerId: 'user_456' })
    const { id } = await call('POST', '/subscriptions', { customerId: 'user_456', plan: 'pro' })
    return { SUB: id }
  }
  const subscription = await call('POST', '/subscriptions', { customerId: 'user_123', plan: 'pro' })
  const invoice = await call('POST', '/invoices', {
    ...{ customerId: 'user_123', currency: 'USD' },
    items: ['Set-up', 'Training'].map((description) => ({ description, unitAmount: '200' })),
  })
  return { SUB: subscription.id, INVOICE: invoice.id }
}

/** The files that the page about importing reads. */
export const FILES: Readonly<Record<string, string>> = {
  'access.log':
    '203.0.113.7 - - [02/Mar/2026:08:00:00 +0000] "GET /v1/chat HTTP/1.1" 200 512 "-" "curl/8"\n',
  'calls.csv':
    'tenant,TIMESTAMP,Tokens,model,region\nuser_123,2026-03-02T08:00:00Z,1500,large,eu\n',
  'events.ndjson':
    '{"name":"API_CALL","customerId":"user_123","timestamp":"2026-03-02T08:00:00Z","idempotencyKey":"n-1"}\n',
}

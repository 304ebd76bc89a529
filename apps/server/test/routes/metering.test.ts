import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { anOrganization, runApp } from './running-app.ts'

const WAIT_MS_MAX = 60_000

test('what a policy meters by its expression is what the customer pays', {
  timeout: 120_000,
}, async () => {
  const app = await runApp()
  onTestFinished(() => app.stop())
  const { testKey: key } = await anOrganization('Metering')
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await app.call(method, path, { key, body })
    expect(answer.status, answer.text).toBeLessThan(300)
    return answer.json
  }

  await call('POST', '/api/v1/meters', { key: 'AI_TOKEN', name: 'Tokens' })
  const prices = [{ meter: 'AI_TOKEN', model: 'per_unit', unitPrice: '0.001' }]
  const plan = { key: 'pro', name: 'Pro', currency: 'USD', cycle: 'month', basePrice: '20', prices }
  await call('POST', '/api/v1/plans', plan)
  await call('POST', '/api/v1/customers', { customerId: 'ann' })
  await call('POST', '/api/v1/subscriptions', { customerId: 'ann', plan: 'pro' })
  await call('POST', '/api/v1/control/policies', {
    ...{ key: 'chat', name: 'Chat', method: 'POST', url: '/v1/chat' },
    metering: [{ event: 'AI_TOKEN', quantity: 'response.body.usage.total_tokens * 2' }],
  })

  const config = await call('GET', '/api/v1/control/config?application=chat-api')
  const [{ id: ruleId, captures }] = config.policies[0].metering
  expect(captures).toEqual(['/response/body/usage/total_tokens'])
  const { now } = await call('GET', '/api/v1/clock')
  const usage = [1_000, 1_500.5, '2499.5'].map((tokens, at) => ({
    ...{ idempotencyKey: `request-${at}`, ruleId, customerId: 'ann', timestamp: now },
    ...{ method: 'POST', route: '/v1/chat', requests: 1, fields: { [captures[0]]: tokens } },
  }))
  const report = { application: 'chat-api', usage }
  const { results } = await call('POST', '/api/v1/control/usage', report)
  const again = await call('POST', '/api/v1/control/usage', report)
  expect(again.results).toEqual(
    results.map((result: object) => ({ ...result, status: 'duplicate' })),
  )

  await call('POST', '/api/v1/clock', { now: '2026-05-01T00:00:00Z' })
  const giveUpMs = performance.now() + WAIT_MS_MAX
  const invoices = '/api/v1/invoices?status=finalized'
  let { data } = await call('GET', invoices)
  while (data.length === 0 && performance.now() < giveUpMs) {
    await sleep(50)
    data = (await call('GET', invoices)).data
  }
  const invoice = await call('GET', `/api/v1/invoices/${data.at(-1).id}`)
  expect(invoice.totalMinor).toBe('3000') // 20.00 and (1,000 + 1,500.5 + 2,499.5) tokens × 2 × 0.001
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { aSwitchedOrganization, type Switched } from './switched.ts'

let ours: Switched

beforeAll(async () => {
  ours = await aSwitchedOrganization()
})

afterAll(() => ours.app.stop())

const VALUES = [
  ...['"\\ud800"', '"\\u0000"', '1', 'null', '{}', '[]', '""', 'true'],
  `"${'x'.repeat(3_000)}"`,
]

/** An event of each product with `value` wherever it has a say of its own. */
const eventsWith = (value: string) => [
  `{"events":[{"event_id":${value},"customer_id":"c","event_name":"n","metadata":${value}}]}`,
  `[{"id":${value},"source":${value},"type":"t","subject":"s","data":${value},"time":${value}}]`,
  `{"event":{"transaction_id":${value},"external_subscription_id":${value},"code":"c","timestamp":${value}}}`,
  `{"events":[{"idempotency_key":${value},"customer_id":"c","event_name":"n","timestamp":${value}}]}`,
  `[{"transaction_id":${value},"customer_id":"c","event_type":"n","timestamp":${value}}]`,
  `{"events":[{"external_id":${value},"customer_id":"c","name":${value},"member_id":${value}}]}`,
]

const BODIES = [
  ...['', 'null', '[]', '{}', '1', '[null]', '[[]]', '{"events":null}', '{"events":[null]}'],
  ...['{"event":[]}', '{"__proto__":1}', '{"events":[],"events":[]}', 'a=1', 'event_name=%ff'],
  'event_name=a&payload[__proto__]=1&payload[stripe_customer_id]=%00',
  ...VALUES.flatMap(eventsWith),
]

test('no body makes the answer to a client of another product a mistake of ours', async () => {
  const recording = ours.app.routes.filter((route) => route.words && route.method === 'POST')
  expect(recording).toHaveLength(8)
  for (const { path } of recording)
    for (const type of ['application/json', 'application/x-www-form-urlencoded'])
      for (const body of BODIES) {
        const headers = { authorization: `Bearer ${ours.key}`, 'content-type': type }
        const answer = await fetch(`${ours.address}${path}`, { method: 'POST', headers, body })
        const text = await answer.text()
        expect([200, 204, 400, 422], `${path} ${type} ${body}: ${text}`).toContain(answer.status)
        if (answer.status >= 400) expect(answer.headers.get('usageflow-error')).not.toBeNull()
      }
})

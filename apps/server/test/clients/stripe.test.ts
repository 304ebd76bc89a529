import { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aSwitchedOrganization, type Switched } from './switched.ts'

let ours: Switched
let client: Stripe

beforeAll(async () => {
  ours = await aSwitchedOrganization()
  client = clientWith(ours.key)
  await ours.call('POST', '/api/v1/meters', { key: 'api_requests', name: 'Requests' })
})

afterAll(() => ours.app.stop())

function clientWith(key: string): Stripe {
  const { hostname: host, port } = new URL(ours.address)
  return new Stripe(key, { host, port, protocol: 'http', maxNetworkRetries: 0 })
}

const NOW_TEXT = new Date().toISOString()

const anEvent = (value: string, stripe_customer_id = 'cus_ann') => ({
  event_name: 'api_requests',
  payload: { stripe_customer_id, value, region: 'eu west+1' },
})

describe('meter events that stripe sends', () => {
  test('count once in our meters, by their value, however often they are sent', async () => {
    const timestamp = Math.floor(Date.now() / 1_000) - 60
    const event = { ...anEvent('25'), identifier: 'req_1', timestamp }
    const first = await client.billing.meterEvents.create(event)
    expect(first).toMatchObject({ object: 'billing.meter_event', livemode: true, ...event })
    const again = await client.billing.meterEvents.create(event)
    expect(again).toMatchObject({ identifier: 'req_1', timestamp })
    await client.billing.meterEvents.create({ ...anEvent('0.5'), identifier: 'req_2' })
    expect(await ours.usage('api_requests', 'cus_ann')).toEqual({ quantity: '25.5', events: '2' })
  })

  test('that say nothing but whom they are of count one each', async () => {
    const payload = { stripe_customer_id: 'cus_one' }
    await client.billing.meterEvents.create({ event_name: 'api_requests', payload })
    expect(await ours.usage('api_requests', 'cus_one')).toEqual({ quantity: '1', events: '1' })
  })

  test('of two accounts under one identifier are two events', async () => {
    const event = { ...anEvent('1', 'cus_dan'), identifier: 'of_account' }
    const of = (stripeAccount: string) =>
      client.billing.meterEvents.create(event, { stripeAccount })
    for (const account of ['acct_1', 'acct_1', 'acct_2']) await of(account)
    await client.billing.meterEvents.create(event)
    expect(await ours.usage('api_requests', 'cus_dan')).toEqual({ quantity: '3', events: '3' })
  })

  test('without an identifier are told from their repeats by the key of the call', async () => {
    const call = (idempotencyKey: string) =>
      client.billing.meterEvents.create(anEvent('1', 'cus_bob'), { idempotencyKey })
    const [first, again, other] = [await call('a'), await call('a'), await call('b')]
    expect(again.identifier).toBe(first.identifier)
    expect(other.identifier).not.toBe(first.identifier)
    expect(await ours.usage('api_requests', 'cus_bob')).toEqual({ quantity: '2', events: '2' })
  })

  test.each([
    ['a value that is no number', anEvent('many'), 'payload[value]'],
    ['a negative value', anEvent('-1'), 'payload[value]'],
    [
      'no customer',
      { event_name: 'api_requests', payload: { value: '1' } },
      `payload[stripe_customer_id]`,
    ],
    [
      'what was used under another name than value',
      { event_name: 'api_requests', payload: { stripe_customer_id: 'cus_ann', tokens: '70' } },
      'payload[value]',
    ],
    ['a time that is no number', { ...anEvent('1'), timestamp: '2026-03-01' }, 'timestamp'],
    ['a time as other products write it', { ...anEvent('1'), timestamp: NOW_TEXT }, 'timestamp'],
    ['no name', { ...anEvent('1'), event_name: '' }, 'event_name'],
  ])('with %s come back as its StripeInvalidRequestError', async (_what, event, param) => {
    const refused = client.billing.meterEvents.create(event as ReturnType<typeof anEvent>)
    await expect(refused).rejects.toThrow(Stripe.errors.StripeInvalidRequestError)
    await expect(refused).rejects.toMatchObject({ statusCode: 400, code: 'usage.malformed', param })
  })

  test('that are too old come back as its StripeInvalidRequestError', async () => {
    const refused = client.billing.meterEvents.create({ ...anEvent('1'), timestamp: 1_577_836_800 })
    await expect(refused).rejects.toMatchObject({
      statusCode: 400,
      code: 'usage.timestamp_too_old',
    })
  })

  test('with an identifier that has another event are refused and not lost in silence', async () => {
    await client.billing.meterEvents.create({ ...anEvent('1', 'cus_cy'), identifier: 'req_3' })
    const other = { ...anEvent('2', 'cus_cy'), identifier: 'req_3' }
    const refused = client.billing.meterEvents.create(other)
    await expect(refused).rejects.toMatchObject({ statusCode: 400, code: 'usage.key_reused' })
    expect(await ours.usage('api_requests', 'cus_cy')).toEqual({ quantity: '1', events: '1' })
  })

  test('with a key that is none, or may not write, come back as its own errors of that', async () => {
    const stranger = clientWith('sk_live_x').billing.meterEvents.create(anEvent('1'))
    await expect(stranger).rejects.toThrow(Stripe.errors.StripeAuthenticationError)
    const reader = clientWith(ours.readerKey).billing.meterEvents.create(anEvent('1'))
    await expect(reader).rejects.toThrow(Stripe.errors.StripePermissionError)
  })
})

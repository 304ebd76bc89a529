import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anOrganization, type RunningApp, runApp } from './running-app.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

let app: RunningApp
let key: string
let cus: string

beforeAll(async () => {
  app = await runApp()
  key = (await anOrganization('Cloud AI')).testKey
  await good('POST', '/clock', { now: new Date().toISOString() })
  const { apiKey, webhookSecret, books } = app.stripe
  await good('PUT', '/stripe', { apiKey, webhookSecret })
  await good('POST', '/customers', { customerId: 'ann' })
  cus = (books.createCustomer({}) as { id: string }).id
  await good('PUT', '/customers/ann/stripe-customer', { stripeCustomerId: cus })
  await good('POST', '/meters', { key: 'tokens', eventName: 'request', aggregation: 'SUM' })
  await good('POST', '/meters', { key: 'peak', eventName: 'request', aggregation: 'MAX' })
})
afterAll(() => app.stop())

const ask = (method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1${path}`, { key, body })

async function good(method: string, path: string, body?: unknown) {
  const answer = await ask(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
  return answer.json
}

const hourAgo = (hours: number) =>
  new Date((Math.floor(Date.now() / HOUR_MS) - hours) * HOUR_MS).toISOString()

async function used(...events: { readonly amount: string; readonly customerId?: string }[]) {
  const body = events.map(({ amount, customerId = 'ann' }) => ({
    ...{ name: 'request', customerId, amount, timestamp: hourAgo(2) },
  }))
  await good('POST', '/events', body)
}

/** The records of a trigger, once as many are in this state as given; the clock moves on meanwhile. */
async function records(triggerId: string, state: string, count = 1) {
  for (let n = 0; n < 200; n += 1) {
    const path = `/stripe/sync-records?triggerId=${triggerId}&state=${state}`
    const { data } = await good('GET', path)
    if (data.length >= count) return data
    const { now, isMoving } = await good('GET', '/clock')
    const later = new Date(Date.parse(now) + 2 * MINUTE_MS).toISOString()
    if (!isMoving) await good('POST', '/clock', { now: later })
    await sleep(100)
  }
  throw new Error(`no ${count} records are ${state}`)
}

async function aTrigger(eventName: string) {
  app.stripe.books.meters.add(eventName)
  return good('POST', '/stripe/triggers', { meter: 'tokens', eventName, usageFrom: hourAgo(5) })
}

test('sets the quantity of an item, and shows what was set', async () => {
  const { subscriptions } = app.stripe.books
  await good('POST', '/meters', { key: 'seats', eventName: 'seat', aggregation: 'MAX' })
  await good('POST', '/events', [{ name: 'seat', customerId: 'ann', amount: '6' }])
  const price = subscriptions.addPrice()
  const item = subscriptions.subscribe(cus, price, 5 * 86_400)
  const wanted = { type: 'stripe_subscription', meter: 'seats', priceId: price.id }
  const trigger = await good('POST', '/stripe/triggers', {
    ...wanted,
    prorationBehavior: 'create_prorations',
  })
  expect(trigger).toMatchObject({
    ...wanted,
    ...{ eventName: null, stripeMeterId: null, prorationBehavior: 'create_prorations' },
  })
  const [sent] = await records(trigger.id, 'sent')
  expect(sent).toMatchObject({ value: '6', subscriptionItemId: item.id, stripeCustomerId: cus })
  expect(item.quantity).toBe(6)
  const span = `from=${hourAgo(3)}&to=${hourAgo(1)}`
  const compared = await ask('GET', `/stripe/triggers/${trigger.id}/reconciliation?${span}`)
  expect(compared).toMatchObject({ status: 422, code: 'stripe.trigger_without_sums' })
  for (const [body, code] of [
    [wanted, 'stripe.price_taken'],
    [{ ...wanted, priceId: undefined }, 'stripe.price_not_named'],
    [{ ...wanted, eventName: 'x' }, 'stripe.field_of_other_type'],
    [{ meter: 'tokens', prorationBehavior: 'none' }, 'stripe.field_of_other_type'],
  ] as const)
    expect(await ask('POST', '/stripe/triggers', body)).toMatchObject({ code })
})

describe('a trigger is refused', () => {
  beforeAll(() => {
    const { meters } = app.stripe.books
    meters.add('counting', { formula: 'count' })
    meters.add('hourly', { window: 'hour' })
    meters.addPrice(null) // price_fake1
    meters.add('good')
  })

  test.each([
    ['that names no meter of Stripe', {}, 'stripe.meter_not_named'],
    ['with a price that is not there', { priceId: 'price_none' }, 'stripe.price_unknown'],
    ['with a price without a meter', { priceId: 'price_fake1' }, 'stripe.price_not_metered'],
    ['with events of no meter', { eventName: 'none' }, 'stripe.event_name_unknown'],
    ['for a meter that counts', { eventName: 'counting' }, 'stripe.meter_not_a_sum'],
    ['for a meter with one event an hour', { eventName: 'hourly' }, 'stripe.meter_not_a_sum'],
    ['of a maximum', { eventName: 'good', meter: 'peak' }, 'stripe.meter_does_not_add_up'],
    ['of no meter', { eventName: 'good', meter: 'none' }, 'meter.unknown'],
    [
      ...(['from too early on', { eventName: 'good', usageFrom: hourAgo(35 * 24) }] as const),
      'stripe.usage_from_too_early',
    ],
    [
      ...([
        'from half past',
        { eventName: 'good', usageFrom: hourAgo(2).replace(':00:', ':30:') },
      ] as const),
      'stripe.usage_from_too_early',
    ],
  ])('%s', async (_what, body, code) => {
    const answer = await ask('POST', '/stripe/triggers', { meter: 'tokens', ...body })
    expect(answer, answer.text).toMatchObject({ code })
    expect([404, 422]).toContain(answer.status)
  })

  test.each([
    ['priceId', { priceId: 'price_none' }],
    ['eventName', { eventName: 'none' }],
    ['eventName', { eventName: 'hourly' }],
    ['meter', { eventName: 'good', meter: 'peak' }],
    ['usageFrom', { eventName: 'good', usageFrom: hourAgo(35 * 24) }],
  ])('a refusal names the field %s, so that a form shows it there', async (field, body) => {
    const { json, text } = await ask('POST', '/stripe/triggers', { meter: 'tokens', ...body })
    const { details, message } = json.error
    expect(details, text).toEqual({ issues: [{ at: `/${field}`, message }] })
  })
})

test('usage of a metered price comes to Stripe, and both sides say so', async () => {
  const { meters } = app.stripe.books
  const meter = meters.add('priced', { keys: { customer: 'who', value: 'how_much' } })
  const priceId = meters.addPrice(meter.id)
  const asked = { meter: 'tokens', priceId, multiplier: '100', usageFrom: hourAgo(5) }
  const trigger = await good('POST', '/stripe/triggers', asked)
  expect(trigger).toMatchObject({
    ...{ type: 'stripe_usage', meter: 'tokens', priceId, stripeMeterId: meter.id, active: true },
    ...{ eventName: 'priced', multiplier: '100', usageFrom: hourAgo(5) },
  })
  await used({ amount: '1.25' }, { amount: '0.5' })
  const [record] = await records(trigger.id, 'sent')
  expect(record).toMatchObject({
    ...{ triggerId: trigger.id, customerId: 'ann', hour: hourAgo(2), stripeCustomerId: cus },
    ...{ quantity: '1.75', value: '175', reason: null, whatToDo: null, attempts: 1 },
  })
  expect(meters.events).toMatchObject([{ identifier: record.identifier, customer: cus }])
  const read = await good('GET', `/stripe/triggers/${trigger.id}`)
  expect(read.records).toEqual({ waiting: 0, sending: 0, sent: 1, refused: 0, carried: 0 })
  const span = `from=${hourAgo(3)}&to=${hourAgo(1)}`
  const compared = await good('GET', `/stripe/triggers/${trigger.id}/reconciliation?${span}`)
  const ann = { customerId: 'ann', quantity: '1.75', sent: '175', waiting: '0', refused: '0' }
  expect(compared).toMatchObject({
    ...{ from: hourAgo(3), to: hourAgo(1), nextCursor: null },
    data: [{ ...ann, sending: '0', atStripe: '175', difference: '0' }],
  })
  const theirs = {
    event_name: 'priced',
    identifier: 'x',
    timestamp: `${Date.parse(hourAgo(2)) / 1_000}`,
  }
  meters.createEvent({ ...theirs, 'payload[who]': cus, 'payload[how_much]': '5' })
  const again = await good('GET', `/stripe/triggers/${trigger.id}/reconciliation?${span}`)
  expect(again.data).toMatchObject([{ ...ann, atStripe: '180', difference: '5' }])
  const noHour = await ask(
    'GET',
    `/stripe/triggers/${trigger.id}/reconciliation?from=${hourAgo(3)}&to=${hourAgo(3)}`,
  )
  expect(noHour).toMatchObject({ status: 422, code: 'stripe.span_empty' })
})

test('what is refused or waits says what to do, and is sent when that was done', async () => {
  const trigger = await aTrigger('refusing')
  const meter = [...app.stripe.books.meters.meters.values()].at(-1)
  if (meter) meter.status = 'inactive'
  await used({ amount: '3' }, { amount: '4', customerId: 'bob' })
  const [waiting] = await records(trigger.id, 'waiting')
  expect(waiting).toMatchObject({ customerId: 'bob', reason: 'customer_not_linked' })
  expect(waiting.whatToDo).toContain('PUT /api/v1/customers/{customerId}/stripe-customer')
  const [refused] = await records(trigger.id, 'refused')
  expect(refused).toMatchObject({ customerId: 'ann', reason: 'invalid_request' })
  expect(refused.reasonText).toContain('No active meter')
  expect(await good('GET', `/stripe/sync-records/${refused.id}`)).toEqual(refused)
  expect(await ask('GET', '/stripe/sync-records/none')).toMatchObject({
    ...{ status: 404, code: 'stripe.record_unknown' },
  })
  expect(await good('POST', `/stripe/triggers/${trigger.id}/retry`, { customerId: 'bob' })).toEqual(
    { retried: 0 },
  )
  if (meter) meter.status = 'active'
  const retried = await good('POST', `/stripe/sync-records/${refused.id}/retry`)
  expect(retried).toMatchObject({ id: refused.id, state: 'waiting', reason: null })
  const [sent] = await records(trigger.id, 'sent')
  expect(sent).toMatchObject({ id: refused.id, identifier: refused.identifier, attempts: 1 })
  const twice = await ask('POST', `/stripe/sync-records/${sent.id}/retry`)
  expect(twice).toMatchObject({ status: 409, code: 'stripe.record_not_refused' })
  const { id } = app.stripe.books.createCustomer({}) as { id: string }
  await good('PUT', '/customers/bob/stripe-customer', { stripeCustomerId: id })
  await records(trigger.id, 'sent', 2)
})

test('one that is stopped makes room for another of the same meter of Stripe', async () => {
  const trigger = await aTrigger('shared')
  const another = { meter: 'tokens', eventName: 'shared' }
  const taken = await ask('POST', '/stripe/triggers', another)
  expect(taken).toMatchObject({ status: 409, code: 'stripe.event_name_taken' })
  const stopped = await good('PATCH', `/stripe/triggers/${trigger.id}`, { active: false })
  expect(stopped).toMatchObject({ id: trigger.id, active: false })
  const { id } = await good('POST', '/stripe/triggers', another)
  const { data } = await good('GET', '/stripe/triggers?limit=1')
  expect(data).toMatchObject([{ id }])
  const back = await ask('PATCH', `/stripe/triggers/${trigger.id}`, { active: true })
  expect(back).toMatchObject({ status: 409, code: 'stripe.event_name_taken' })
})

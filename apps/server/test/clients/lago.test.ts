import { Client, getLagoError } from 'lago-javascript-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aSwitchedOrganization, type Switched } from './switched.ts'

let ours: Switched
let client: ReturnType<typeof Client>

beforeAll(async () => {
  ours = await aSwitchedOrganization()
  client = clientWith(ours.key)
  await ours.call('POST', '/api/v1/meters', {
    ...{ key: 'storage', name: 'Storage', aggregation: 'SUM', valueProperty: ['gb'] },
  })
})

afterAll(() => ours.app.stop())

function clientWith(key: string): ReturnType<typeof Client> {
  return Client(key, { baseUrl: `${ours.address}/compat/lago/api/v1` })
}

const anEvent = (
  transaction_id: string,
  gb: number | string,
  external_subscription_id = 'sub_ann',
) => ({
  ...{ transaction_id, external_subscription_id, code: 'storage' },
  properties: { gb, region: 'eu' },
})

const errorOf = (sending: Promise<unknown>) => sending.then(() => null, getLagoError)

describe('events that lago-javascript-client sends', () => {
  test('count once in our meters, alone or in a batch, however often they are sent', async () => {
    const timestamp = Math.floor(Date.now() / 1_000) - 60
    const event = { ...anEvent('tx-1', 10), timestamp, precise_total_amount_cents: '12.5' }
    const { data } = await client.events.createEvent({ event })
    const at = `${new Date(timestamp * 1_000).toISOString().slice(0, 19)}Z`
    expect(data.event).toMatchObject({ ...event, timestamp: at })
    const again = await client.events.createEvent({ event })
    expect(again.data.event.lago_id).toBe(data.event.lago_id)
    const events = [event, { ...anEvent('tx-2', '2.5'), timestamp: `${timestamp}.123456` }]
    const batch = await client.events.createBatchEvents({ events })
    expect(batch.data.events.map((one) => one.transaction_id)).toEqual(['tx-1', 'tx-2'])
    expect(await ours.usage('storage', 'sub_ann')).toEqual({ quantity: '12.5', events: '2' })
  })

  test('are told apart by their subscription too, as there', async () => {
    const events = [anEvent('tx-3', 1, 'sub_b'), anEvent('tx-3', 2, 'sub_c')]
    await client.events.createBatchEvents({ events })
    expect(await ours.usage('storage', 'sub_b')).toEqual({ quantity: '1', events: '1' })
    expect(await ours.usage('storage', 'sub_c')).toEqual({ quantity: '2', events: '1' })
  })

  test('of older clients belong to the customer that they name', async () => {
    const event = { ...anEvent('tx-4', 3, 'sub_d'), external_customer_id: 'dora' }
    await client.events.createEvent({ event })
    expect(await ours.usage('storage', 'dora')).toEqual({ quantity: '3', events: '1' })
  })

  test('that are malformed come back as its error of validation, and none of the request is stored', async () => {
    const events = [anEvent('tx-5', 1, 'sub_bad'), { ...anEvent('tx-6', 1, 'sub_bad'), code: '' }]
    const error = await errorOf(client.events.createBatchEvents({ events }))
    expect(error).toMatchObject({
      ...{ status: 422, error: 'Unprocessable Entity', code: 'validation_errors' },
      error_details: { code: [expect.stringContaining('events[1]')] },
    })
    expect(await ours.usage('storage', 'sub_bad')).toMatchObject({ events: '0' })
  })

  test('with a transaction that has another event are refused and not lost in silence', async () => {
    await client.events.createEvent({ event: anEvent('tx-7', 1, 'sub_e') })
    const error = await errorOf(client.events.createEvent({ event: anEvent('tx-7', 2, 'sub_e') }))
    expect(error).toMatchObject({
      ...{ status: 422, code: 'validation_errors' },
      error_details: { transaction_id: ['value_already_exist', expect.any(String)] },
    })
    expect(await ours.usage('storage', 'sub_e')).toEqual({ quantity: '1', events: '1' })
  })

  test('with a key that is none come back as its error of that', async () => {
    const error = await errorOf(clientWith('x').events.createEvent({ event: anEvent('tx-8', 1) }))
    expect(error).toMatchObject({ status: 401, error: 'Unauthorized' })
  })
})

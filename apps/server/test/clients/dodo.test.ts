import DodoPayments from 'dodopayments'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aSwitchedOrganization, type Switched } from './switched.ts'

let ours: Switched
let client: DodoPayments

beforeAll(async () => {
  ours = await aSwitchedOrganization()
  client = clientWith(ours.key)
  await ours.call('POST', '/api/v1/meters', {
    ...{ key: 'tokens', name: 'Tokens', eventName: 'ai.completion' },
    ...{ aggregation: 'SUM', valueProperty: ['tokens'] },
  })
})

afterAll(() => ours.app.stop())

function clientWith(bearerToken: string): DodoPayments {
  return new DodoPayments({ bearerToken, baseURL: `${ours.address}/compat/dodo` })
}

const anEvent = (event_id: string, tokens: number | string, customer_id = 'ann') => ({
  ...{ event_id, customer_id, event_name: 'ai.completion' },
  metadata: { tokens, model: 'large' },
})

describe('events that dodopayments sends', () => {
  test('count once in our meters, however often they are sent', async () => {
    const timestamp = new Date(Date.now() - 60_000).toISOString()
    const events = [
      { ...anEvent('call-1', 150), timestamp },
      anEvent('call-2', '75.5'),
      { ...anEvent('call-ü 3', 10), metadata: null },
    ]
    expect(await client.usageEvents.ingest({ events })).toEqual({ ingested_count: 3 })
    expect(await client.usageEvents.ingest({ events })).toEqual({ ingested_count: 3 })
    expect(await ours.usage('tokens', 'ann')).toEqual({ quantity: '225.5', events: '2' })
  })

  test('with more digits than a number keeps are refused, and count as text', async () => {
    const refused = client.usageEvents.ingest({ events: [anEvent('float', 0.1 + 0.2, 'float')] })
    await expect(refused).rejects.toThrow(DodoPayments.UnprocessableEntityError)
    await expect(refused).rejects.toMatchObject({ error: { code: 'json.number' } })
    const events = [anEvent('float', String(0.1 + 0.2), 'float')]
    expect(await client.usageEvents.ingest({ events })).toEqual({ ingested_count: 1 })
    expect(await ours.usage('tokens', 'float')).toEqual({ quantity: '0.3', events: '1' }) // to 12 digits after the point
  })

  test('are those that our own API knows by the product and the id', async () => {
    await client.usageEvents.ingest({ events: [anEvent('call-own', 5, 'own')] })
    const {
      event_id: _,
      event_name: name,
      customer_id: customerId,
      ...rest
    } = anEvent('', 5, 'own')
    const again = { name, customerId, ...rest, idempotencyKey: 'dodo:call-own' }
    expect(await ours.call('POST', '/api/v1/events', again)).toMatchObject({ duplicate: true })
    const elsewhere = { ...again, idempotencyKey: 'call-own' }
    expect(await ours.call('POST', '/api/v1/events', elsewhere)).toMatchObject({ duplicate: false })
  })

  test('that are malformed come back as its BadRequestError, and none of the request is stored', async () => {
    const events = [anEvent('bad-1', 1, 'bad'), { ...anEvent('bad-2', 1, 'bad'), customer_id: '' }]
    const refused = client.usageEvents.ingest({ events })
    await expect(refused).rejects.toThrow(DodoPayments.BadRequestError)
    await expect(refused).rejects.toThrow(/events\[1\]: customer_id: .*Nothing of this request/)
    expect(await ours.usage('tokens', 'bad')).toMatchObject({ events: '0' })
  })

  test('that are too old come back as its UnprocessableEntityError', async () => {
    const events = [{ ...anEvent('old', 1), timestamp: '2020-01-01T00:00:00Z' }]
    const refused = client.usageEvents.ingest({ events })
    await expect(refused).rejects.toThrow(DodoPayments.UnprocessableEntityError)
    await expect(refused).rejects.toMatchObject({ error: { code: 'usage.timestamp_too_old' } })
  })

  test('with an id that has another event are refused and not lost in silence, and not sent again', async () => {
    await client.usageEvents.ingest({ events: [anEvent('call-4', 1, 'bob')] })
    const events = [anEvent('call-5', 2, 'bob'), anEvent('call-4', 99, 'bob')]
    const refused = client.usageEvents.ingest({ events }, { maxRetries: 0 })
    await expect(refused).rejects.toThrow(DodoPayments.UnprocessableEntityError)
    await expect(refused).rejects.toThrow(/events\[1\]: .*The others are stored/)
    await expect(refused).rejects.toMatchObject({ error: { code: 'usage.key_reused' } })
    expect(await ours.usage('tokens', 'bob')).toEqual({ quantity: '3', events: '2' })
  })

  test('with a key that is none, or may not write, come back as its own errors of that', async () => {
    const events = [anEvent('stranger', 1)]
    const stranger = clientWith('dodo_live_x').usageEvents.ingest({ events })
    await expect(stranger).rejects.toThrow(DodoPayments.AuthenticationError)
    const reader = clientWith(ours.readerKey).usageEvents.ingest({ events })
    await expect(reader).rejects.toThrow(DodoPayments.PermissionDeniedError)
    await expect(reader).rejects.toMatchObject({ error: { code: 'auth.scope_missing' } })
  })
})

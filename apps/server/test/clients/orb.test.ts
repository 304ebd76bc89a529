import Orb from 'orb-billing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aSwitchedOrganization, type Switched } from './switched.ts'

let ours: Switched
let client: Orb

beforeAll(async () => {
  ours = await aSwitchedOrganization()
  client = clientWith(ours.key)
  await ours.call('POST', '/api/v1/meters', {
    ...{ key: 'compute', name: 'Compute', aggregation: 'SUM', valueProperty: ['ms'] },
  })
})

afterAll(() => ours.app.stop())

function clientWith(apiKey: string): Orb {
  return new Orb({ apiKey, baseURL: `${ours.address}/compat/orb` })
}

const anEvent = (idempotency_key: string, ms: number | string, external_customer_id = 'ann') => ({
  ...{ idempotency_key, external_customer_id, event_name: 'compute' },
  ...{ timestamp: new Date(Date.now() - 60_000).toISOString(), properties: { ms } },
})

describe('events that orb-billing sends', () => {
  test('count once in our meters, however often they are sent', async () => {
    const zoneless = new Date().toISOString().slice(0, 19)
    const events = [anEvent('1', 100), { ...anEvent('2', '0.5'), timestamp: zoneless }]
    expect(await client.events.ingest({ events })).toEqual({ validation_failed: [] })
    expect(await client.events.ingest({ events })).toEqual({ validation_failed: [] })
    expect(await ours.usage('compute', 'ann')).toEqual({ quantity: '100.5', events: '2' })
  })

  test('of a backfill belong to an import of ours, and may be old', async () => {
    const [from, to] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z']
    const { id: backfill_id } = await ours.call('POST', '/api/v1/imports', {
      source: 'orb',
      from,
      to,
    })
    const old = { ...anEvent('old', 1), timestamp: '2026-01-15T00:00:00Z' }
    await expect(client.events.ingest({ events: [old] })).rejects.toThrow(
      Orb.RequestValidationError,
    )
    expect(await client.events.ingest({ events: [old], backfill_id })).toEqual({
      validation_failed: [],
    })
    const { data } = await ours.call('GET', '/api/v1/events?idempotencyKey=orb:old')
    expect(data).toMatchObject([{ importId: backfill_id }])
  })

  test('that are malformed come back as its RequestValidationError, by their keys', async () => {
    const events = [anEvent('3', 1, 'bad'), { ...anEvent('4', 1, 'bad'), customer_id: 'both' }]
    const refused = client.events.ingest({ events })
    await expect(refused).rejects.toThrow(Orb.RequestValidationError)
    await expect(refused).rejects.toMatchObject({
      ...{ status: 400, title: 'usage.malformed' },
      error: {
        validation_failed: [
          { idempotency_key: '4', validation_errors: [expect.stringContaining('customer_id')] },
        ],
      },
    })
    expect(await ours.usage('compute', 'bad')).toMatchObject({ events: '0' })
  })

  test('with a key that has another event are refused and not lost in silence', async () => {
    await client.events.ingest({ events: [anEvent('5', 1, 'bob')] })
    const refused = client.events.ingest({ events: [anEvent('5', 2, 'bob')] })
    await expect(refused).rejects.toThrow(Orb.RequestValidationError)
    await expect(refused).rejects.toMatchObject({
      error: { title: 'usage.key_reused', validation_failed: [{ idempotency_key: '5' }] },
    })
    expect(await ours.usage('compute', 'bob')).toEqual({ quantity: '1', events: '1' })
  })

  test('with a key of the API that is none come back as its OrbAuthenticationError', async () => {
    const refused = clientWith('x').events.ingest({ events: [anEvent('6', 1)] })
    await expect(refused).rejects.toThrow(Orb.OrbAuthenticationError)
  })
})

import Metronome from '@metronome/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aSwitchedOrganization, type Switched } from './switched.ts'

let ours: Switched
let client: Metronome

beforeAll(async () => {
  ours = await aSwitchedOrganization()
  client = clientWith(ours.key)
  await ours.call('POST', '/api/v1/meters', {
    ...{ key: 'cpu', name: 'CPU', eventName: 'heartbeat' },
    ...{ aggregation: 'SUM', valueProperty: ['cpu_hours'] },
  })
})

afterAll(() => ours.app.stop())

function clientWith(bearerToken: string): Metronome {
  return new Metronome({ bearerToken, baseURL: `${ours.address}/compat/metronome` })
}

const anEvent = (transaction_id: string, cpu_hours: number | string, customer_id = 'ann') => ({
  ...{ transaction_id, customer_id, event_type: 'heartbeat' },
  ...{ timestamp: `${new Date().toISOString().slice(0, 17)}00+00:00`, properties: { cpu_hours } },
})

describe('events that @metronome/sdk sends', () => {
  test('count once in our meters, however often they are sent', async () => {
    const usage = [anEvent('1', 100), anEvent('2', '0.5')]
    await client.v1.usage.ingest({ usage })
    await client.v1.usage.ingest({ usage })
    expect(await ours.usage('cpu', 'ann')).toEqual({ quantity: '100.5', events: '2' })
  })

  test('that are malformed come back as its BadRequestError, and none of the request is stored', async () => {
    const refused = client.v1.usage.ingest({
      usage: [anEvent('3', 1, 'bad'), { ...anEvent('4', 1, 'bad'), timestamp: 'yesterday' }],
    })
    await expect(refused).rejects.toThrow(Metronome.BadRequestError)
    await expect(refused).rejects.toThrow(/events\[1\]: timestamp: .*Nothing of this request/)
    expect(await ours.usage('cpu', 'bad')).toMatchObject({ events: '0' })
    await expect(client.v1.usage.ingest()).rejects.toThrow(Metronome.BadRequestError)
  })

  test('with a transaction that has another event are refused, and not lost in silence', async () => {
    await client.v1.usage.ingest({ usage: [anEvent('5', 1, 'bob')] })
    const refused = client.v1.usage.ingest({ usage: [anEvent('5', 2, 'bob')] })
    await expect(refused).rejects.toThrow(Metronome.UnprocessableEntityError)
    await expect(refused).rejects.toMatchObject({ error: { code: 'usage.key_reused' } })
    expect(await ours.usage('cpu', 'bob')).toEqual({ quantity: '1', events: '1' })
  })

  test('with a key that is none come back as its AuthenticationError', async () => {
    const refused = clientWith('x').v1.usage.ingest({ usage: [anEvent('6', 1)] })
    await expect(refused).rejects.toThrow(Metronome.AuthenticationError)
  })
})

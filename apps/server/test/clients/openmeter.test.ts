import { HTTPError, OpenMeter } from '@openmeter/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aSwitchedOrganization, type Switched } from './switched.ts'

let ours: Switched
let client: OpenMeter

beforeAll(async () => {
  ours = await aSwitchedOrganization()
  client = clientWith(ours.key)
  await ours.call('POST', '/api/v1/meters', {
    ...{ key: 'tokens_total', name: 'Tokens', eventName: 'prompt' },
    ...{ aggregation: 'SUM', valueProperty: ['tokens'] },
  })
})

afterAll(() => ours.app.stop())

function clientWith(apiKey: string): OpenMeter {
  return new OpenMeter({ apiKey, baseUrl: `${ours.address}/compat/openmeter` })
}

const anEvent = (id: string, tokens: number | string, subject = 'ann') => ({
  ...{ id, type: 'prompt', subject, data: { tokens, model: 'large' } },
})

describe('events that @openmeter/sdk sends', () => {
  test('count once in our meters, though it stamps each sending with another time', async () => {
    const events = [anEvent('1', 150), anEvent('2', '75.5')]
    await client.events.ingest(events)
    await new Promise((resolve) => setTimeout(resolve, 5)) // so that the second stamp is another
    await client.events.ingest(events)
    await client.events.ingest(anEvent('1', 150))
    expect(await ours.usage('tokens_total', 'ann')).toEqual({ quantity: '225.5', events: '2' })
  })

  test('are those that our own API knows by source and id when it is told no time', async () => {
    await client.events.ingest({ ...anEvent('1', 3, 'own'), source: 'own' })
    const { data: metadata } = anEvent('1', 3, 'own')
    const idempotencyKey = 'openmeter:own:1'
    const again = { name: 'prompt', customerId: 'own', metadata, idempotencyKey }
    expect(await ours.call('POST', '/api/v1/events', again)).toMatchObject({ duplicate: true })
    const timed = { ...again, timestamp: new Date().toISOString() }
    const refused = await ours.app.call('POST', '/api/v1/events', { key: ours.key, body: timed })
    expect(refused.json.error.code).toBe('usage.key_reused')
  })

  test('are told apart by their source too', async () => {
    const event = anEvent('1', 1, 'bob')
    await client.events.ingest([
      { ...event, source: 'a', time: new Date() },
      { ...event, source: 'b' },
      { ...event, source: 'a', id: 'b:1' },
      { ...event, source: 'a:b', id: '1' },
    ])
    expect(await ours.usage('tokens_total', 'bob')).toEqual({ quantity: '4', events: '4' })
  })

  test('of other libraries come with nanoseconds, extensions and one at a time', async () => {
    const time = `${new Date().toISOString().slice(0, 19)}.123456789Z`
    const event = {
      ...anEvent('go', 7, 'go'),
      specversion: '1.0',
      source: 'go',
      time,
      traceparent: 'x',
    }
    const response = await fetch(`${ours.address}/compat/openmeter/api/v1/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ours.key}`,
        'content-type': 'application/cloudevents+json; charset=UTF-8',
      },
      body: JSON.stringify(event),
    })
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(await ours.usage('tokens_total', 'go')).toEqual({ quantity: '7', events: '1' })
  })

  test('of JSON in whatever way it is said count', async () => {
    const datacontenttype = 'Application/JSON; charset=utf-8'
    await client.events.ingest({ ...anEvent('said', 3, 'said'), datacontenttype } as never)
    expect(await ours.usage('tokens_total', 'said')).toEqual({ quantity: '3', events: '1' })
    const xml = { ...anEvent('xml', 3, 'said'), datacontenttype: 'application/xml' }
    await expect(client.events.ingest(xml as never)).rejects.toMatchObject({ status: 400 })
  })

  test('that are malformed come back as its HTTPError, with what to change', async () => {
    const refused = client.events.ingest([anEvent('3', 1, 'bad'), anEvent('4', 1, '')])
    await expect(refused).rejects.toThrow(HTTPError)
    await expect(refused).rejects.toMatchObject({ status: 400, title: 'usage.malformed' })
    await expect(refused).rejects.toThrow(/events\[1\]: subject: .*Nothing of this request/)
    expect(await ours.usage('tokens_total', 'bad')).toMatchObject({ events: '0' })
  })

  test('with an id that has another event are refused and not lost in silence', async () => {
    await client.events.ingest(anEvent('5', 1, 'cy'))
    const refused = client.events.ingest(anEvent('5', 2, 'cy'))
    await expect(refused).rejects.toMatchObject({ status: 422, title: 'usage.key_reused' })
    expect(await ours.usage('tokens_total', 'cy')).toEqual({ quantity: '1', events: '1' })
  })

  test('with a key that is none come back as its HTTPError of that', async () => {
    const refused = clientWith('om_x').events.ingest(anEvent('6', 1))
    await expect(refused).rejects.toMatchObject({ status: 401, title: 'auth.key_refused' })
  })
})

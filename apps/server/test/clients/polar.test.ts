import { PolarClientError } from '@polar-sh/sdk'
import { createPolar, errors } from '@polar-sh/sdk/2027-01'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aSwitchedOrganization, type Switched } from './switched.ts'

let ours: Switched
let client: ReturnType<typeof createPolar>

beforeAll(async () => {
  ours = await aSwitchedOrganization()
  client = clientWith(ours.key)
  await ours.call('POST', '/api/v1/meters', {
    ...{ key: 'llm', name: 'Tokens', eventName: 'llm-call' },
    ...{ aggregation: 'SUM', valueProperty: ['_llm', 'total_tokens'] },
  })
})

afterAll(() => ours.app.stop())

function clientWith(accessToken: string): ReturnType<typeof createPolar> {
  return createPolar({ accessToken, baseUrl: `${ours.address}/compat/polar`, timeout: 30 })
}

const anEvent = (external_id: string, total_tokens: number, external_customer_id = 'ann') => ({
  ...{ external_id, external_customer_id, name: 'llm-call' },
  metadata: {
    route: '/chat',
    _llm: { vendor: 'v', model: 'm', input_tokens: 1, output_tokens: 1, total_tokens },
  },
})

describe('events that @polar-sh/sdk sends', () => {
  test('count once in our meters, however often they are sent', async () => {
    const timestamp = new Date(Date.now() - 60_000).toISOString()
    const events = [
      { ...anEvent('1', 150), timestamp },
      { ...anEvent('2', 75), external_member_id: 'm' },
    ]
    expect(await client.events.ingest({ events })).toEqual({ inserted: 2, duplicates: 0 })
    const more = [...events, anEvent('3', 5)]
    expect(await client.events.ingest({ events: more })).toEqual({ inserted: 1, duplicates: 2 })
    expect(await ours.usage('llm', 'ann')).toEqual({ quantity: '230', events: '3' })
  })

  test('that are malformed come back as its HTTPValidationError, and none of the request is stored', async () => {
    const { external_customer_id: _, ...nobody } = anEvent('5', 1)
    const events = [anEvent('4', 1, 'bad'), nobody as ReturnType<typeof anEvent>]
    const refused = client.events.ingest({ events })
    await expect(refused).rejects.toThrow(errors.HTTPValidationError)
    await expect(refused).rejects.toMatchObject({
      error: { detail: [{ loc: ['body', 'events', 1], type: 'usage.malformed' }] },
    })
    expect(await ours.usage('llm', 'bad')).toMatchObject({ events: '0' })
  })

  test('with an id that has another event are refused, and not lost in silence', async () => {
    await client.events.ingest({ events: [anEvent('6', 1, 'bob')] })
    const refused = client.events.ingest({ events: [anEvent('6', 2, 'bob')] })
    await expect(refused).rejects.toThrow(errors.HTTPValidationError)
    await expect(refused).rejects.toMatchObject({ error: { error: 'usage.key_reused' } })
    expect(await ours.usage('llm', 'bob')).toEqual({ quantity: '1', events: '1' })
  })

  test('without an id wait for the ids beside them: sent again after a refusal they count once', async () => {
    const { external_id: _, ...keyless } = anEvent('', 10, 'dan')
    await client.events.ingest({ events: [anEvent('8', 1, 'dan')] })
    const others = [anEvent('9', 4, 'dan'), keyless as ReturnType<typeof anEvent>]
    for (const _try of [1, 2]) {
      const refused = client.events.ingest({ events: [anEvent('8', 2, 'dan'), ...others] })
      await expect(refused).rejects.toMatchObject({
        error: {
          detail: [
            { loc: ['body', 'events', 0], msg: expect.stringMatching(/with an id are stored/) },
          ],
        },
      })
    }
    expect(await ours.usage('llm', 'dan')).toEqual({ quantity: '5', events: '2' })
    const mended = { events: [anEvent('8', 1, 'dan'), ...others] }
    expect(await client.events.ingest(mended)).toEqual({ inserted: 1, duplicates: 2 })
    expect(await ours.usage('llm', 'dan')).toEqual({ quantity: '15', events: '3' })
  })

  test('with a key that is none come back as its PolarClientError', async () => {
    const refused = clientWith('x').events.ingest({ events: [anEvent('7', 1)] })
    await expect(refused).rejects.toThrow(PolarClientError)
    await expect(refused).rejects.toMatchObject({ statusCode: 401 })
  })
})

import { expect, test } from 'vitest'
import { eventRequest, readResults } from './event-requests.ts'
import type { IntendedEvent } from './journal.ts'

const event: IntendedEvent = {
  key: 'k',
  name: 'call',
  customer: 'c',
  amount: '1.5',
  metadata: null,
  timestamp: null,
  sequence: 3,
}

test('spells the same event for each way in, so that a retry may take another', () => {
  const body = (route: 'track' | 'event') =>
    JSON.parse(eventRequest(route, [event], 'key').body ?? '')
  expect(body('track')).toEqual({ metric: 'call', customerId: 'c', amount: '1.5', sequence: 3 })
  expect(eventRequest('track', [event], 'key').headers).toMatchObject({ 'idempotency-key': 'k' })
  expect(body('event')).toEqual({
    name: 'call',
    customerId: 'c',
    amount: '1.5',
    sequence: 3,
    idempotencyKey: 'k',
  })
})

const recorded = '{"success":true,"eventId":"evt_1","duplicate":false}'

test.each([
  ['track', 201, recorded, [{ status: 'recorded', eventId: 'evt_1' }]],
  [
    'event',
    422,
    '{"error":{"code":"usage.key_reused"}}',
    [{ status: 'refused', code: 'usage.key_reused' }],
  ],
  [
    'stream',
    200,
    '{"status":"duplicate","eventId":"evt_1"}\n',
    [{ status: 'duplicate', eventId: 'evt_1' }],
  ],
] as const)('reads a definite answer: %s %i', (route, status, text, results) => {
  expect(readResults(route, status, text, 1)).toEqual(results)
})

test.each([
  ['a repeat that is told as new', 'track', 201, recorded.replace('false', 'true')],
  ['an event without its id', 'track', 201, '{"success":true,"duplicate":false}'],
  ['fewer results than events', 'batch', 200, '{"results":[]}'],
  ['a refusal without a code', 'event', 422, '{"error":{}}'],
  ['a refusal that nothing deserves', 'event', 401, '{"error":{"code":"auth.key_refused"}}'],
] as const)('does not take for an answer: %s', (_what, route, status, text) => {
  expect(() => readResults(route, status, text, 1)).toThrow()
})

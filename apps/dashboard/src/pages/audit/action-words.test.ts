import { expect, test } from 'vitest'
import { actionWords } from './action-words.ts'

test.each([
  ['POST /api/v1/plans', 'Made plan'],
  ['POST /api/v1/plans/:planKey/versions', 'Made version'],
  ['PATCH /api/v1/meters/:key', 'Changed meter'],
  ['DELETE /api/v1/webhook-endpoints/:endpointId', 'Removed webhook endpoint'],
  [
    'POST /api/v1/webhook-endpoints/:endpointId/rotate-secret',
    'Changed secret of webhook endpoint',
  ],
  ['POST /api/v1/invoices/:invoiceId/pay', 'Recorded payment of invoice'],
  ['POST /api/v1/invitations/accept', 'Accepted invitation'],
  ['POST /api/v1/plans/:plan/versions/:version/move', 'Moved subscriptions to version'],
  ['POST /api/v1/add-ons', 'Made add-on'],
  ['POST /api/v1/invoices/:invoiceId/ponder', 'Ponder: invoice'],
  ['PATCH /api/v1/settings/billing', 'Changed billing'],
  ['PATCH /api/v1/collection-settings', 'Changed collection settings'],
  ['POST /api/v1/clock', 'Moved the clock'],
  ['DELETE /api/v1/organizations/:organizationId/members/:userId', 'Removed member'],
  ['GET /api/v1/organizations/:organizationId/audit', 'Read audit'],
  ['GET /api/v1/organizations/:organizationId/audit/export', 'Exported audit'],
  ['usageflow key create', 'usageflow key create'],
])('%s is told as “%s”', (action, words) => {
  expect(actionWords(action)).toBe(words)
})

test('what is no route stays as it is', () => {
  expect(actionWords('started')).toBe('started')
})

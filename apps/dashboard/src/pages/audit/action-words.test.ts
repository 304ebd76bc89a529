import { readFileSync } from 'node:fs'
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
  ['POST /api/v1/organizations/:organizationId/deletion', 'Deleted organization'],
  ['DELETE /api/v1/organizations/:organizationId/deletion', 'Restored organization'],
  ['POST /api/v1/sessions/end-others', 'Ended other sessions'],
  ['GET /api/v1/organizations/:organizationId/audit', 'Read audit'],
  ['GET /api/v1/organizations/:organizationId/audit/export', 'Exported audit'],
  ['usageflow key create', 'usageflow key create'],
])('%s is told as “%s”', (action, words) => {
  expect(actionWords(action)).toBe(words)
})

test('what is no route stays as it is', () => {
  expect(actionWords('started')).toBe('started')
})

test('every change that the API knows has words of its own', () => {
  const reference = new URL('../../../../../docs/reference/openapi.json', import.meta.url)
  const { paths } = JSON.parse(readFileSync(reference, 'utf8')) as { paths: object }
  const actions = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => ['post', 'put', 'patch', 'delete'].includes(method))
      .map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  expect(actions.length).toBeGreaterThan(90)
  expect(actions.filter((action) => /[:/]/.test(actionWords(action)))).toEqual([])
})

import { expect, test, vi } from 'vitest'
import { tellFirstOwnerToken } from './serve.ts'

test('a server whose database is busy when it starts goes on without a token for the first account', async () => {
  const log = { info: vi.fn(), warn: vi.fn() }
  const app = { firstStartToken: () => Promise.reject(new Error('timeout exceeded')) }
  await tellFirstOwnerToken(app, log)
  expect(log.warn.mock.calls.join()).toContain('usageflow first-owner')
  expect(log.info).not.toHaveBeenCalled()
})

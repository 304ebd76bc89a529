import { expect, test } from 'vitest'
import { returnUrl } from './return-url.ts'

const origin = 'https://billing.example'

test.each([
  ['all', null],
  ['api', null],
  ['worker', origin],
] as const)(
  'a process of the role %s with the address %s leads back to the portal',
  (role, publicUrl) => {
    expect(returnUrl({ role, publicUrl, origin })).toBe('https://billing.example/portal')
  },
)

test('a worker that was told no address says which setting it lacks', () => {
  const worker = { role: 'worker', publicUrl: null, origin: 'http://localhost' } as const
  expect(() => returnUrl(worker)).toThrow(/^set USAGEFLOW_URL for workers too/)
})

import { expect, test } from 'vitest'
import { whyNotGrant, whyNotLeave, whyNotTake } from './roles.ts'

test('nobody gives or takes a role above their own', () => {
  expect(whyNotGrant('ADMIN', 'OWNER')).toMatch(/OWNER/)
  expect(whyNotGrant('ADMIN', 'ADMIN')).toBeNull()
  expect(whyNotGrant('OWNER', 'OWNER')).toBeNull()
  expect(whyNotTake('ADMIN', { role: 'OWNER' }, [{ role: 'OWNER' }, { role: 'OWNER' }])).toMatch(
    /Only somebody/,
  )
})

test('the only owner stays, and one of two may go', () => {
  const ada = { role: 'OWNER' } as const
  expect(whyNotLeave(ada, [ada, { role: 'ADMIN' }])).toMatch(/only OWNER/)
  expect(whyNotTake('OWNER', ada, [ada])).toMatch(/only OWNER/)
  expect(whyNotLeave(ada, [ada, { role: 'OWNER' }])).toBeNull()
  expect(whyNotLeave({ role: 'ADMIN' }, [ada, { role: 'ADMIN' }])).toBeNull()
})

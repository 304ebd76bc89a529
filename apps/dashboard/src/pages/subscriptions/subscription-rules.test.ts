import { expect, test } from 'vitest'
import { refusalsOf } from './subscription-rules.ts'

const planned = { at: '', plan: 'pro', planVersion: 2, quantity: '1', overrides: null }
const still = { scheduledChange: null, cancelAt: null }

function possible(subscription: Parameters<typeof refusalsOf>[0]): string[] {
  return Object.entries(refusalsOf(subscription)).flatMap(([step, why]) =>
    why === null ? [step] : [],
  )
}

test('each state offers the steps that the server takes, and no other', () => {
  const always = ['change', 'spend-threshold', 'cancel']
  const expected = {
    active: [...always, 'pause', 'suspend'],
    trialing: [...always, 'end-trial'],
    paused: [...always, 'resume'],
    suspended: [...always, 'resume'],
    canceled: [],
  }
  for (const [status, steps] of Object.entries(expected))
    expect(possible({ ...still, status: status as keyof typeof expected }).sort()).toEqual(
      steps.sort(),
    )
})

test('a cancelation is taken back while it is planned, and not when it has come', () => {
  const canceled = { ...still, cancelAt: '2026-04-01T00:00:00.000Z' }
  expect(refusalsOf({ ...canceled, status: 'active' }).uncancel).toBeNull()
  expect(refusalsOf({ ...canceled, status: 'canceled' }).uncancel).not.toBeNull()
})

test('one change is planned at a time, and everything that would cut into it waits', () => {
  const active = { ...still, status: 'active', scheduledChange: planned } as const
  expect(possible(active)).toEqual(['unschedule', 'suspend', 'spend-threshold', 'cancel'])
  expect(refusalsOf(active).change).toContain('take it back first')
  expect(refusalsOf({ ...active, status: 'suspended' }).resume).toBeNull()
  expect(refusalsOf({ ...active, status: 'paused' }).resume).not.toBeNull()
})

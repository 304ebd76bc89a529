import { expect, test } from 'vitest'
import { changedFields } from './changed-fields.ts'

const opened = {
  name: 'Ann',
  lines: ['1 High Street', 'London'],
  days: 7,
  rate: 'vat' as null | string,
}

test('of a form nothing but what was changed in it is sent', () => {
  expect(changedFields(opened, { ...opened, lines: [...opened.lines] })).toEqual({})
  expect(changedFields(opened, { ...opened, days: 14, rate: null })).toEqual({
    days: 14,
    rate: null,
  })
  expect(changedFields(opened, { ...opened, lines: ['London'] })).toEqual({ lines: ['London'] })
})

import { expect, test } from 'vitest'
import { groupId, groupName, partOf } from './breakdown.ts'

const group = (quantity: string | null) => ({ quantity, events: '1' })

test('the greatest has the whole length, and others their part of it', () => {
  const groups = [group('200'), group('50'), group('0'), group(null), group('-10')]
  expect(groups.map((each) => partOf(each, groups))).toEqual([1, 0.25, 0, 0, 0])
})

test('nothing used has no length', () => {
  expect(partOf(group('0'), [group('0')])).toBe(0)
})

test('a group is called by its customer or by what the property is', () => {
  expect(groupName({ ...group('1'), customerId: 'acme' })).toBe('acme')
  expect(groupName({ ...group('1'), group: 0 })).toBe('0')
  expect(groupName({ ...group('1'), group: false })).toBe('false')
  expect(groupName({ ...group('1'), group: null })).toBe('')
})

test('groups of the same name are different rows', () => {
  const values = [1, '1', true, 'true', null, '', 'null']
  const ids = values.map((value) => groupId({ ...group('1'), group: value }))
  expect(new Set(ids).size).toBe(values.length)
  expect(groupId({ ...group('1'), customerId: 'acme' })).not.toBe(
    groupId({ ...group('1'), customerId: 'bob' }),
  )
})

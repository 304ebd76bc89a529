import { expect, test } from 'vitest'
import { inkOn } from './accent.ts'

test.each([
  ['#000000', '#ffffff'],
  ['#ffffff', '#000000'],
  ['#ffd43b', '#000000'],
  ['#3b5bdb', '#ffffff'],
  ['#747474', '#ffffff'],
  ['#777777', '#000000'],
])('what is written on %s is %s', (color, ink) => {
  expect(inkOn(color)).toBe(ink)
})

import { expect, test } from 'vitest'
import { randomOf } from './random.ts'

const draws = (seed: string) => {
  const random = randomOf(seed)
  return Array.from({ length: 50 }, () => random.next())
}

test('the same seed repeats every choice, so that a failure can be seen again', () => {
  expect(draws('1')).toEqual(draws('1'))
  expect(draws('1')).not.toEqual(draws('2'))
})

test('a fork depends on its name alone, so that clients do not disturb each other', () => {
  const used = randomOf('1')
  used.next()
  expect(used.fork('client 3').next()).toBe(randomOf('1').fork('client 3').next())
  expect(used.fork('client 3').next()).not.toBe(used.fork('client 4').next())
})

test('spreads evenly, so that a share of 25 % is one', () => {
  const random = randomOf('even')
  const hits = Array.from({ length: 20_000 }, () => random.chance(0.25)).filter(Boolean).length
  expect(Math.abs(hits / 20_000 - 0.25)).toBeLessThan(0.015)
  const dice = new Set(Array.from({ length: 200 }, () => random.between(1, 7)))
  expect([...dice].sort()).toEqual([1, 2, 3, 4, 5, 6])
})

test('shuffles without losing or repeating anything', () => {
  const list = [1, 2, 3, 4, 5, 6, 7, 8]
  const shuffled = randomOf('cards').shuffled(list)
  expect(shuffled.toSorted()).toEqual(list)
  expect(shuffled).not.toEqual(list)
})

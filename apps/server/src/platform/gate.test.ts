import { expect, test } from 'vitest'
import { createGate } from './gate.ts'

/** Work that ends when told to, and what is known of it. */
function tasks(count: number) {
  const begun: number[] = []
  const ends: (() => void)[] = []
  const work = Array.from({ length: count }, (_, n) => async () => {
    begun.push(n)
    await new Promise<void>((resolve) => {
      ends[n] = resolve
    })
    return n
  })
  return { begun, work, end: (n: number) => ends[n]?.() }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('no more run at once than there are places, in the order in which they came', async () => {
  const { begun, work, end } = tasks(5)
  const gate = createGate(2)
  const done = work.map((one) => gate(one))
  await turn()
  expect(begun).toEqual([0, 1])
  end(1)
  await turn()
  expect(begun).toEqual([0, 1, 2])
  for (const n of [0, 2, 3, 4]) {
    end(n)
    await turn()
  }
  expect(await Promise.all(done)).toEqual([0, 1, 2, 3, 4])
})

test('what fails gives its place back', async () => {
  const gate = createGate(1)
  const failing = Array.from({ length: 3 }, () => gate(() => Promise.reject(new Error('no'))))
  for (const one of failing) await expect(one).rejects.toThrow('no')
  expect(await gate(async () => 'yes')).toBe('yes')
})

test('who comes when too many wait is turned away at once, and nobody after them', async () => {
  const { work, end } = tasks(3)
  const gate = createGate(1, { waitingMax: 1, refusal: () => new Error('full') })
  const [first, second] = [work[0], work[1]].map((one) => gate(one ?? (async () => -1)))
  await expect(gate(async () => 2)).rejects.toThrow('full')
  end(0)
  await turn()
  const third = gate(async () => 3)
  end(1)
  expect(await Promise.all([first, second, third])).toEqual([0, 1, 3])
})

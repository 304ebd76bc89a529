import { expect, test } from 'vitest'
import { silentLog } from './log.ts'
import { runLoop } from './loop.ts'

test('a wake during a turn is not lost: another turn follows at once', async () => {
  let turns = 0
  const loop = runLoop(async () => {
    turns += 1
    if (turns === 1) loop.wake()
    return 60_000
  }, silentLog())
  await new Promise((resolve) => setTimeout(resolve, 20))
  await loop.stop()
  expect(turns).toBe(2)
})

test('a turn that throws ends neither the loop nor the process', async () => {
  let turns = 0
  const loop = runLoop(async () => {
    turns += 1
    if (turns === 1) throw new Error('not this time')
    return 60_000
  }, silentLog())
  await new Promise((resolve) => setTimeout(resolve, 20))
  loop.wake()
  await new Promise((resolve) => setTimeout(resolve, 20))
  await loop.stop()
  expect(turns).toBe(2)
})

test('stop waits for the turn under way and lets none follow', async () => {
  let isDone = false
  const loop = runLoop(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    isDone = true
    return 0
  }, silentLog())
  await new Promise((resolve) => setTimeout(resolve, 10)) // the turn has begun
  await loop.stop()
  expect(isDone).toBe(true)
})

import { expect, test } from 'vitest'
import { runHost } from './run-host.ts'
import { aWorld, onceEach } from './world.ts'

test('a program that ends sends what waits before it does', async () => {
  const { server, stored } = await aWorld()
  expect(await runHost('ends', { USAGEFLOW_URL: server.url })).toMatchObject({ end: 0 })
  expect(await stored()).toEqual(onceEach(30))
})

test('a program whose usage nobody takes ends all the same', async () => {
  const { server } = await aWorld()
  server.setFault('no answer')
  expect(await runHost('ends', { USAGEFLOW_URL: server.url })).toMatchObject({ end: 0 })
  expect(server.requests.length).toBeGreaterThan(0)
})

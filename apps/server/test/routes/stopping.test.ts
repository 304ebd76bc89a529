import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { anOrganization, runApp } from './running-app.ts'

const WAITING = 5
const GENEROUS_MS = 6_000 // after 7 s whoever is still connected is cut off
const CONTROL = '/api/v1/control'

test('whoever waits for a change is answered at once when the program stops', async () => {
  const app = await runApp()
  const { testKey: key } = await anOrganization('Acme')
  const headers = { 'x-usageflow-api-key': key, 'if-none-match': '*' }
  const answers = Array.from({ length: WAITING }, (_, at) =>
    fetch(`${app.address}${CONTROL}/config?application=a${at}&wait=25`, { headers }),
  )
  const arrived = async () =>
    (await app.call('GET', `${CONTROL}/applications`, { key })).json.data.length
  while ((await arrived()) < WAITING) await sleep(50)
  const startMs = performance.now()
  const stopped = app.stop()
  for (const answer of answers) expect([304, 503]).toContain((await answer).status)
  expect(performance.now() - startMs).toBeLessThan(GENEROUS_MS)
  await stopped
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage, seriousProblems, settled } from './browser.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

/** The first event of a customer in a month. */
async function eventOf(customerId: string, month: string): Promise<string> {
  const { data } = (await stage.call(
    'GET',
    `/events?customerId=${customerId}&name=API_CALL&from=2026-${month}-02T00:00:00Z&to=2026-${month}-03T00:00:00Z`,
  )) as { data: { eventId: string }[] }
  return String(data[0]?.eventId)
}

test('an event leads to the invoice that counts it, and the invoice to a line with it', async () => {
  const { page, complaints } = await stage.open()
  await page.goto(stage.place(`/events/${await eventOf('acme', '03')}`))
  const way = page.getByRole('list', { name: 'Meters that read it' })
  await way.getByRole('link', { name: 'API calls' }).waitFor()
  await way.getByText('acme on pro, version 1').waitFor()
  await way.getByText('Line 2').waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await way.getByRole('link', { name: /-\d+$/ }).click()
  await page.waitForURL(/invoices\/inv_/)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('an event of the period under way leads to what it will come to', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place(`/events/${await eventOf('acme', '05')}`))
  await page.getByText('The period is still open').waitFor()
  await page.getByRole('link', { name: 'preview' }).click()
  await page.waitForURL(/subscriptions\/sub_/)
  await page.context().close()
})

test('the newest events are there at first sight, before anything new arrives', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/events'))
  const table = page.getByRole('table', { name: 'Events as they arrive' })
  await table.waitFor()
  await settled(page)
  expect(await table.locator('tbody tr').count()).toBe(50)
  await page.goto(stage.place('/events?name=STORAGE_GB'))
  await settled(page)
  const names = await table.locator('tbody td[data-label="Event"]').allTextContents()
  expect(new Set(names)).toEqual(new Set(['STORAGE_GB']))
  await page.context().close()
})

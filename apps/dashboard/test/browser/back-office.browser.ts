import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage, seriousProblems, settled } from './browser.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test('credits are granted, found by their state, and taken back; the ledger keeps all of it', async () => {
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/credits'))
  await page.getByRole('link', { name: 'acme' }).first().waitFor()
  await page.getByRole('button', { name: 'Grant credits' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Grant', exact: true }).click()
  await dialog.getByText('Whose?').waitFor()
  await dialog.getByRole('combobox', { name: 'Customer' }).fill('hooli')
  await dialog.getByText('Money', { exact: true }).click()
  await dialog.getByLabel('Amount').fill('75.50')
  await dialog.getByLabel('Name').fill('Goodwill')
  await dialog.getByRole('button', { name: 'Grant', exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: 'Goodwill' })
  await row.getByText('$75.50').first().waitFor()
  await row.getByRole('button', { name: 'Take back' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
  await page.goto(stage.place('/credits?state=void'))
  await settled(page)
  expect(await page.locator('tbody tr').count()).toBe(1)
  await page.getByRole('link', { name: 'hooli' }).click()
  await page.waitForURL(/credits\/hooli$/)
  await page.getByRole('cell', { name: 'taken back' }).waitFor()
  await page.getByRole('cell', { name: '-$75.50' }).waitFor()
  expect(await seriousProblems(page)).toEqual([])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a role that may not grant sees why', async () => {
  const { page } = await stage.openAs(await stage.join('VIEWER'))
  await page.goto(stage.place('/credits'))
  const grant = page.getByRole('button', { name: 'Grant credits' })
  await grant.waitFor()
  expect(await grant.getAttribute('aria-disabled')).toBe('true')
  await grant.hover()
  await page.getByText('Your role VIEWER may not do this').waitFor()
  await page.context().close()
})

test('a plan is simulated on what was used, by a version and by a draft', async () => {
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/plans/pro/simulate?from=2026-03-01&to=2026-05-01'))
  await page.getByRole('button', { name: 'Simulate' }).click()
  const table = page.getByRole('table', { name: 'Simulated' })
  await table.getByRole('link', { name: 'acme' }).waitFor()
  await page.getByText('$0.00', { exact: true }).first().waitFor() // the same prices
  await page.goto(stage.place('/plans/pro/simulate?prices=draft&from=2026-03-01&to=2026-05-01'))
  await page.getByLabel('Base price', { exact: true }).fill('150')
  await page.getByRole('button', { name: 'Simulate' }).click()
  await page.getByText('Difference in USD').waitFor()
  await page.getByText('+$200.00').waitFor() // two months of two customers, 50 more each
  expect(await seriousProblems(page)).toEqual([])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('subscriptions move to a new version after a preview, and only by the name of the plan', async () => {
  const { page } = await stage.open()
  await stage.call('POST', '/plans/pro/versions', {
    ...{ currency: 'USD', cycle: 'month', basePrice: '120' },
    prices: [{ meter: 'API_CALL', model: 'per_unit', includedUnits: '10000', unitPrice: '0.01' }],
  })
  await page.goto(stage.place('/plans/pro'))
  await page.getByRole('link', { name: 'Move subscriptions' }).click()
  await page.waitForURL(/plans\/pro\/move/)
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByRole('table', { name: 'Subscriptions that would move' }).waitFor()
  await page.getByText('+$40.00').waitFor()
  await page.getByRole('button', { name: 'Move 2 subscriptions' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByRole('button', { name: 'Move them' }).isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill('pro')
  await dialog.getByRole('button', { name: 'Move them' }).click()
  await page.getByText('2 moved').waitFor()
  await page.context().close()
})

test('the log is exported by the server, and looking away and back is no new reading', async () => {
  const { page } = await stage.open()
  const readings: string[] = []
  page.on('request', (request) => {
    if (/\/(audit|keys)(\?|$)/.test(request.url()) && request.url().includes('/api/'))
      readings.push(request.url())
  })
  await page.goto(stage.place('/audit?action=plans'))
  await settled(page)
  const before = readings.length
  expect(before).toBeGreaterThan(0)
  await page.waitForTimeout(6_000) // longer than other lists are taken for fresh
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await page.waitForTimeout(500)
  expect(readings.length).toBe(before)
  const asked = page.waitForRequest(/audit\/export\?action=plans&format=csv$/)
  const waiting = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await asked
  expect(await (await waiting).failure()).toBeNull()
  await page.context().close()
})

test('the way to an invoice names it by its number', async () => {
  const { page } = await stage.open()
  const { data } = (await stage.call('GET', '/invoices?customerId=acme&limit=1')) as {
    data: { id: string; number: string }[]
  }
  await page.goto(stage.place(`/invoices/${data[0]?.id}`))
  await page.locator('header').getByText(String(data[0]?.number)).waitFor()
  await page.getByRole('link', { name: 'Pro, version 1' }).waitFor()
  await page.context().close()
})

test('the owner alone deletes the organization by its name, and restores it while the grace lasts', async () => {
  const admin = await stage.openAs(await stage.join('ADMIN'))
  await admin.page.goto(stage.place('/settings/delete'))
  const refused = admin.page.getByRole('button', { name: 'Delete the organization' })
  await refused.waitFor()
  expect(await refused.getAttribute('aria-disabled')).toBe('true')
  await admin.page.context().close()

  const { page } = await stage.open()
  await page.goto(stage.place('/settings?tab=organization'))
  await page.getByRole('link', { name: 'Delete the organization…' }).click()
  await page.getByRole('button', { name: 'Delete the organization' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('cloudai')
  expect(await dialog.getByRole('button', { name: 'Delete it' }).isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill('CloudAI')
  await dialog.getByRole('button', { name: 'Delete it' }).click()
  await page.getByRole('heading', { name: 'CloudAI was deleted' }).waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await page.goto(stage.place('/customers'))
  await page.getByRole('heading', { name: 'CloudAI was deleted' }).waitFor()
  await page.getByRole('button', { name: 'Restore it' }).click()
  await page.getByRole('heading', { name: 'Customers' }).waitFor()
  await page.context().close()
})

test('a customer, a subscription and an invoice each tell what has happened to them', async () => {
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/customers/acme?tab=timeline'))
  const table = page.getByRole('table', { name: 'Timeline' })
  await table.getByText('Put on pro, version 1').waitFor()
  await table.getByText('5,000 units of credits granted').waitFor()
  const finalized = table.getByRole('row').filter({ hasText: 'finalized' })
  expect(await finalized.count()).toBe(2)
  expect(await seriousProblems(page)).toEqual([])

  await finalized.first().getByRole('link', { name: 'Invoice' }).click()
  await page.waitForURL(/invoices\/inv_/)
  // The address changes before the page does: until then the table is the customer's.
  await expect.poll(() => finalized.count()).toBe(1)
  await table.getByText(/^Invoice INV-\d+ over .* finalized$/).waitFor()
  expect(await table.getByText(/credits granted|Put on/).count()).toBe(0)

  await page.getByRole('link', { name: /^Pro, version 1$/ }).click()
  await page.waitForURL(/subscriptions\/sub_/)
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await table.getByText('Put on pro, version 1').waitFor()
  expect(await table.getByText('credits granted').count()).toBe(0)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a subscription in a trial says so instead of what it would cost', async () => {
  const { page, complaints } = await stage.open()
  await stage.call('POST', '/customers', { customerId: 'novice' })
  const { id } = (await stage.call('POST', '/subscriptions', {
    ...{ customerId: 'novice', plan: 'starter', trialDays: 14 },
  })) as { id: string }
  await page.goto(stage.place(`/subscriptions/${id}`))
  await page.getByRole('heading', { name: 'In a trial' }).waitFor()
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  expect(complaints.filter((text) => !text.includes('status of 409'))).toEqual([]) // browsers say so themselves
  await page.context().close()
})

test('the usage of a meter is broken down by customer and by property, as the address says', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/meters/AI_TOKEN'))
  const table = page.getByRole('table', { name: 'Most of this month by' })
  await table.getByRole('link', { name: 'acme' }).waitFor()
  await page.getByText('model', { exact: true }).click()
  await page.waitForURL(/by=model/)
  await table.getByRole('cell', { name: 'small' }).first().waitFor()
  await page.reload()
  await table.getByRole('cell', { name: 'small' }).first().waitFor()
  expect(await table.getByRole('link').count()).toBe(0)
  await page.context().close()
})

test('two lists of one page are sorted each by itself, as the address says', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/webhooks?webhook-deliveries.sort=tries'))
  await settled(page)
  const endpoints = page.getByRole('table', { name: 'Webhook endpoints' })
  const deliveries = page.getByRole('table', { name: 'Deliveries' })
  await deliveries.getByRole('button', { name: 'State' }).click()
  await page.waitForURL(/deliveries\.sort=state/)
  await endpoints.getByRole('button', { name: 'State' }).click()
  await page.waitForURL(/[?&]sort=state/)
  expect(page.url()).toMatch(/deliveries\.sort=state/)
  await page.context().close()
})

import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmptyStage, openEmptyStage } from './browser.ts'
import { PASSWORD } from './people.ts'

let stage: EmptyStage

beforeAll(async () => {
  stage = await openEmptyStage()
})

afterAll(() => stage.close())

test('from sign-up to an invoice of 12,000 calls and its verified webhook, by clicks alone', async () => {
  const { page, complaints } = await stage.openAsStranger()
  await signUp(page)
  complaints.splice(0) // the browser notes that a stranger had no session
  await makeOrganization(page)
  await defineMeter(page)
  await makePlan(page)
  await subscribe(page)
  const key = await makeKey(page)
  const secret = await addEndpoint(page)
  await track(key)
  await seeUsage(page)
  await closeMonth(page)
  await seeInvoice(page)
  await verifyWebhook(page, secret)
  await invite(page)
  await go(page, 'Overview')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.getByText('Revenue by month').first().waitFor()
  expect(await page.getByText('Get started').count()).toBe(0) // every step is done
  expect(complaints).toEqual([])
  await page.context().close()
}, 300_000)

const go = (page: Page, place: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place }).click()

async function signUp(page: Page): Promise<void> {
  await page.goto(stage.url)
  await page.getByRole('link', { name: 'Make an account' }).click()
  await page.getByLabel('Token of the first start').fill(await stage.firstOwnerToken())
  await page.getByLabel('Name').fill('Grace')
  await page.getByLabel('E-mail').fill('grace@cloudai.example')
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Make the account' }).click()
}

async function makeOrganization(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Your organization' }).waitFor()
  await page.getByLabel('Name').fill('CloudAI')
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.waitForURL(/\/org_\w+\/test$/)
}

async function defineMeter(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Define a meter' }).click()
  await page.getByLabel('Name').fill('API Calls')
  await page.keyboard.press('Tab')
  await page.getByLabel('Key').fill('API_CALL')
  await page.getByLabel('Unit').fill('calls')
  await page.getByRole('button', { name: 'Make the meter' }).click()
  await page.waitForURL(/meters\/API_CALL$/)
}

async function makePlan(page: Page): Promise<void> {
  await go(page, 'Overview')
  await page.getByRole('link', { name: 'Create a pricing plan' }).click()
  await page.getByLabel('Name').fill('Pro')
  await page.getByLabel('Base price', { exact: true }).fill('100')
  await page.getByRole('button', { name: 'Price a meter' }).click()
  await page.getByRole('menuitem', { name: 'API Calls' }).click()
  await page.getByLabel('Included units').fill('10000')
  await page.getByLabel('Price of a unit').fill('0.01')
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await page.getByRole('heading', { name: 'Pro' }).waitFor()
}

/** The organization itself: it pays for the customers who are on no plan of their own. */
async function subscribe(page: Page): Promise<void> {
  await go(page, 'Overview')
  await page.getByRole('link', { name: 'Activate a subscription' }).click()
  await page.getByRole('combobox', { name: 'Plan' }).click()
  await page.getByRole('option', { name: 'Pro' }).click()
  await page.getByRole('button', { name: 'Put on the plan' }).click()
  await page.waitForURL(/subscriptions\/sub_/)
}

async function makeKey(page: Page): Promise<string> {
  await go(page, 'Overview')
  await page.getByRole('link', { name: 'Generate an API key' }).click()
  await page.getByRole('button', { name: 'New key' }).first().click()
  await page.getByLabel('Name').fill('Gateway')
  await page.getByRole('button', { name: 'Make the key' }).click()
  const key = await page.getByLabel('API key', { exact: true }).textContent()
  await page.getByRole('button', { name: 'I have kept it' }).click()
  expect(key).toMatch(/^uf_test_/)
  return key ?? ''
}

async function addEndpoint(page: Page): Promise<string> {
  await go(page, 'Webhooks')
  await page.getByRole('button', { name: 'New endpoint' }).first().click()
  await page.getByLabel('URL').fill(`${stage.receiver.url}/hooks`)
  await page.getByRole('button', { name: 'Make the endpoint' }).click()
  const secret = await page.getByLabel('Secret', { exact: true }).textContent()
  await page.getByRole('button', { name: 'I have kept it' }).click()
  expect(secret).toMatch(/^whsec_/)
  return secret ?? ''
}

/** What the reader's own program does. */
async function track(key: string): Promise<void> {
  for (const [id, amount] of [
    ['a', 7_000],
    ['b', 5_000],
    ['b', 5_000], // sent again, it counts once
  ] as const) {
    const answer = await fetch(`${stage.url}/api/track`, {
      method: 'POST',
      headers: {
        'x-usageflow-api-key': key,
        'idempotency-key': id,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ metric: 'API_CALL', amount, customerId: 'user_123' }),
    })
    expect(answer.ok).toBe(true)
  }
}

async function seeUsage(page: Page): Promise<void> {
  await go(page, 'Meters')
  await page.getByRole('link', { name: 'API Calls' }).click()
  await page.getByText('API Calls: 12,000 calls').waitFor() // asked again until it is counted
  await go(page, 'Customers')
  await page.getByRole('link', { name: 'user_123' }).click()
  await page.getByText('12,000').first().waitFor()
}

async function closeMonth(page: Page): Promise<void> {
  await go(page, 'Settings')
  const shown = page.getByRole('definition').first()
  for (const leap of ['1 month', '1 day']) {
    const before = await shown.textContent()
    await page.getByRole('button', { name: leap }).click()
    await expect.poll(() => shown.textContent(), { timeout: 30_000 }).not.toBe(before)
    await page.getByText('at rest').waitFor({ timeout: 60_000 })
  }
}

async function seeInvoice(page: Page): Promise<void> {
  await go(page, 'Invoices')
  await page.getByRole('cell', { name: '$120.00' }).first().waitFor()
  await page.getByRole('row').filter({ hasText: '$120.00' }).getByRole('link').first().click()
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.getByText('It comes to exactly the same').waitFor()
  await page.keyboard.press('Escape')
}

async function verifyWebhook(page: Page, secret: string): Promise<void> {
  await go(page, 'Webhooks')
  const told = page.getByRole('row').filter({ hasText: 'invoice.finalized' }).first()
  await told.getByText('delivered').waitFor()
  const message = stage.receiver.received.find(({ body }) => body.includes('invoice.finalized'))
  const { headers = {}, body = '' } = message ?? {}
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', bytes).update(signed).digest('base64')
  expect(headers['webhook-signature']?.split(' ')).toContain(`v1,${signature}`)
  expect(JSON.parse(body)).toMatchObject({ type: 'invoice.finalized' })
}

async function invite(page: Page): Promise<void> {
  await go(page, 'Overview')
  await page.getByRole('link', { name: 'Manage your team' }).click()
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByLabel('E-mail').fill('lin@cloudai.example')
  await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click()
  await page.getByText('It is shown only now').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('cell', { name: 'lin@cloudai.example', exact: true }).waitFor()
}

import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM, settled } from './browser.ts'
import { type Demo, startDemo } from './demo-process.ts'

let demo: Demo
let browser: Browser

beforeAll(async () => {
  demo = await startDemo()
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
}, 400_000)

afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

test('the link of the demo leads a visitor into a company with a history, once', async () => {
  const page = await (await browser.newContext({ locale: 'en-US' })).newPage()
  await page.goto(demo.link)
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  expect(page.url()).toMatch(/\/org_\w+\/test$/)
  await page.getByRole('link', { name: 'Harbor Health' }).waitFor()
  await settled(page)
  expect(await page.getByText('Revenue by month').isVisible()).toBe(true)
  await page.getByRole('link', { name: 'Applications' }).click()
  await page.getByRole('link', { name: 'nimbus-api' }).click()
  await page.getByRole('table').getByRole('link', { name: 'POST /v1/chat' }).click()
  await page.getByRole('figure', { name: 'Latency' }).waitFor()
  expect(await page.getByText('1 limit, meters').isVisible()).toBe(true)

  const stranger = await (await browser.newContext()).newPage()
  const answer = await stranger.goto(demo.link)
  expect(answer?.status()).toBe(410)
  await stranger.goto(new URL('/', page.url()).href)
  await stranger.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
})

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Look,
  openStage,
  SCHEMES,
  type Stage,
  seriousProblems,
  settled,
  WIDTHS,
} from './browser.ts'

const FIRST_LOAD_BYTES_MAX = 250 * 1024
const RETURN_URL = 'https://cloudai.example/account'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
  await stage.call('PATCH', '/settings/portal', {
    ...{ accentColor: '#0b7285', plans: ['pro', 'starter'] },
  })
  await stage.call('POST', '/customers', { customerId: 'newcomer' })
  await stage.call('PATCH', '/customers/globex', { language: 'de-AT' })
})

afterAll(() => stage.close())

async function linkOf(customerId: string, wanted: object = {}): Promise<string> {
  const made = await stage.call('POST', `/customers/${customerId}/portal-links`, wanted)
  return (made as { url: string }).url
}

/** A browser that the server does not know, with the link open. */
async function visit(customerId: string, look: Look = {}, wanted: object = {}) {
  const opened = await stage.openAsStranger(look)
  await opened.page.goto(await linkOf(customerId, wanted))
  await settled(opened.page)
  return opened
}

async function problemsOf(page: Page, complaints: string[]): Promise<string[]> {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  return [
    ...complaints.splice(0).filter((text) => !text.includes('status of 401')), // browsers say so themselves
    ...(await seriousProblems(page)),
    ...(wider > 0 ? [`${wider} pixels wider than the screen`] : []),
  ]
}

describe.each(SCHEMES)('%s', (scheme) => {
  test.each(WIDTHS)(
    'every state at %i pixels is free of errors, of serious barriers and of sideways scrolling',
    async (width) => {
      const look = { scheme, width }
      const found: Record<string, string[]> = {}
      const note = async (
        state: string,
        { page, complaints }: Awaited<ReturnType<typeof visit>>,
      ) => {
        const problems = await problemsOf(page, complaints)
        if (problems.length > 0) found[state] = problems
      }
      const full = await visit('acme', look, { returnUrl: RETURN_URL })
      await full.page.getByRole('heading', { name: 'Acme Robotics' }).waitFor()
      await note('full', full)
      await full.page.getByText('As a table').first().click()
      await note('table', full)
      await full.page.getByRole('button', { name: 'Show invoice' }).first().click()
      await full.page.getByRole('dialog').getByText('Amount due').waitFor()
      await note('invoice', full)
      await full.page.keyboard.press('Escape')
      await full.page.getByRole('button', { name: 'History of' }).first().click()
      await full.page.getByRole('dialog').getByText('given').waitFor()
      await note('ledger', full)
      await full.page.keyboard.press('Escape')
      await full.page.getByRole('button', { name: 'Change plan' }).click()
      await full.page.getByText('Difference').waitFor()
      await note('change', full)
      const empty = await visit('newcomer', look)
      await empty.page.getByText('No invoice yet').waitFor()
      await note('empty', empty)
      const german = await visit('globex', look)
      await german.page.getByRole('heading', { name: 'Ihre Rechnungen' }).waitFor()
      await note('in German', german)
      await german.page.goto(`${stage.url}/portal#ufp_${'x'.repeat(32)}`)
      await german.page.getByText('no longer good').waitFor()
      await note('refused', german)
      const none = await stage.openAsStranger(look)
      await none.page.goto(`${stage.url}/portal`)
      await none.page.getByText('Open the link that you were sent').waitFor()
      await note('without a link', none)
      expect(found).toEqual({})
      for (const { page } of [full, empty, german, none]) await page.context().close()
    },
    300_000,
  )
})

test('what opens the portal is nowhere that a script, a referrer or the address could give away', async () => {
  const { page } = await stage.openAsStranger()
  const url = await linkOf('acme')
  const token = new URL(url).hash.slice(1)
  const seen: string[] = []
  page.on('request', (request) => {
    seen.push(`${request.url()} ${request.headers().referer ?? ''}`)
  })
  await page.goto(url)
  await settled(page)
  expect(page.url()).toBe(`${stage.url}/portal`)
  expect(seen.length).toBeGreaterThan(5)
  expect(seen.filter((text) => text.split('#')[0]?.includes(token))).toEqual([])
  const kept = await page.evaluate(() =>
    JSON.stringify([document.cookie, { ...sessionStorage }, { ...localStorage }, history.state]),
  )
  expect(kept).not.toContain(token.slice(4))
  await page.reload()
  await page.getByRole('heading', { name: 'Acme Robotics' }).waitFor()
  const calls = seen.filter((text) => text.includes('/api/') && !text.includes('/api/portal/'))
  expect(calls).toEqual([]) // no session of the dashboard is asked for
  await page.context().close()
})

test('the page loads little', async () => {
  const { page } = await stage.openAsStranger()
  const scripts: number[] = []
  page.on('response', async (response) => {
    if (response.request().resourceType() !== 'script') return
    const { responseBodySize } = await response.request().sizes()
    scripts.push(responseBodySize)
  })
  await page.goto(await linkOf('acme'))
  await settled(page)
  const bytes = scripts.reduce((sum, size) => sum + size, 0)
  expect(bytes).toBeGreaterThan(50_000) // else nothing was measured
  expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX)
  await page.context().close()
})

test('two customers in two tabs of one browser do not mix', async () => {
  const { page } = await visit('acme')
  const other = await page.context().newPage()
  await other.goto(await linkOf('initech'))
  await other.getByRole('heading', { name: 'Initech' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Acme Robotics' }).waitFor()
  await page.context().close()
})

test('an invoice is downloaded as a PDF', async () => {
  const { page } = await visit('acme')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('button', { name: /as a PDF/ })
      .first()
      .click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^INV-\d{6}\.pdf$/)
  await page.context().close()
})

test('a customer changes the plan by the keyboard alone, and sees it done', async () => {
  const { page } = await visit('umbrella') // on Starter
  await page.getByRole('button', { name: 'Change plan' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: 'Pro' }).focus()
  await page.keyboard.press('Space')
  await page.getByText('Difference').waitFor()
  await page.getByRole('button', { name: 'Change to Pro' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Done: your plan becomes Pro').waitFor()
  await page.getByText('It becomes Pro on').waitFor()
  await page.context().close()
})

test('somebody of the organization makes a link, and ends all of them', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/customers/hooli'))
  await page.getByRole('button', { name: 'Portal link' }).click()
  await page.getByRole('button', { name: 'Make a link' }).click()
  const url = (await page.getByLabel('Portal link', { exact: true }).textContent()) ?? ''
  const customer = await stage.openAsStranger()
  await customer.page.goto(url)
  await customer.page.getByRole('heading', { name: 'Hooli' }).waitFor()

  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByRole('button', { name: 'Portal link' }).click()
  await page.getByText('Open links: 1').waitFor()
  await page.getByRole('button', { name: 'End all links' }).click()
  await page.getByText('No link is open.').waitFor()
  await customer.page.reload()
  await customer.page.getByText('Ask CloudAI for a new one').waitFor()
  await page.context().close()
  await customer.page.context().close()
})

test('whose role may not make one is told so', async () => {
  const { page } = await stage.openAs(await stage.join('DEVELOPER'))
  await page.goto(stage.place('/customers/hooli'))
  const button = page.getByRole('button', { name: 'Portal link' })
  await button.hover()
  await page.getByText('Your role DEVELOPER may not do this').waitFor()
  expect(await button.getAttribute('aria-disabled')).toBe('true')
  await page.context().close()
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Look,
  type Opened,
  openStage,
  SCHEMES,
  type Stage,
  seriousProblems,
  settled,
  WIDTHS,
} from './browser.ts'
import { eventually, photograph, type StripeStage, stripeStage } from './stripe-stage.ts'

let stage: Stage
let at: StripeStage
beforeAll(async () => {
  stage = await openStage()
  at = stripeStage(stage)
  const { apiKey, webhookSecret } = stage.stripe
  await stage.call('PUT', '/stripe', { apiKey, webhookSecret })
  await stage.call('PATCH', '/customers/globex', { language: 'de-AT' })
})
afterAll(() => stage.close())

/** A browser that the server does not know, with a link of the customer open. */
async function visit(customerId: string, look: Look = {}): Promise<Opened> {
  const made = await stage.call('POST', `/customers/${customerId}/portal-links`, {})
  const opened = await stage.openAsStranger(look)
  await opened.page.goto((made as { url: string }).url)
  await settled(opened.page)
  return opened
}

/** What is wrong with what a customer sees, at every width in every theme. */
async function problemsOf(customerId: string, name: string): Promise<string[]> {
  const found: string[] = []
  for (const width of WIDTHS)
    for (const scheme of SCHEMES) {
      const { page, complaints } = await visit(customerId, { width, scheme })
      await photograph(page, `portal-${name}-${width}-${scheme}`)
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      )
      const all = [...complaints, ...(await seriousProblems(page))]
      if (wider > 0) all.push(`${wider} pixels wider than the screen`)
      found.push(...all.map((problem) => `${width} ${scheme}: ${problem}`))
      await page.context().close()
    }
  return found
}

test('a customer adds a card at Stripe, comes back, and pays what is owed with it', async () => {
  const invoiceId = await at.invoice('hooli')
  expect(await problemsOf('hooli', 'none')).toEqual([])
  const { page } = await visit('hooli')
  await page.getByText('You have given no payment method yet.').waitFor()
  expect(await page.getByRole('button', { name: /^Pay invoice/ }).count()).toBe(0)
  await page.route('https://checkout.invalid/**', async (route) => {
    const session = new URL(route.request().url()).pathname.slice(1)
    stage.stripe.books.completeSession(session, 'ok')
    const asked = stage.stripe.requests.filter(({ what }) => what === 'POST /v1/checkout/sessions')
    const done = new URLSearchParams(asked.at(-1)?.body).get('success_url')
    await route.fulfill({ contentType: 'text/html', body: `<a href="${done}">Back</a>` })
  })
  await page.getByRole('button', { name: 'Add a payment method' }).click()
  await page.getByRole('link', { name: 'Back' }).click()
  const thanks = page.getByText('Thank you. What you gave stands here in a moment')
  await thanks.waitFor()
  await settled(page)
  const { y = Number.POSITIVE_INFINITY } = (await thanks.boundingBox()) ?? {}
  expect(y).toBeLessThan(page.viewportSize()?.height ?? 0) // without scrolling to it
  expect(new URL(page.url()).search).toBe('') // it is said once
  expect(await page.getByText('You have given no payment method yet.').count()).toBe(0)
  await photograph(page, 'portal-thanks')
  await at.tellAll() // the event comes later than its customer
  await page.getByRole('cell', { name: 'Visa •••• 4242', exact: true }).waitFor()
  await page.getByText('in use', { exact: true }).waitFor()
  await page
    .getByRole('button', { name: /^Pay invoice/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('$120.00 is charged to Visa •••• 4242.').waitFor()
  await photograph(page, 'portal-pay')
  expect(await seriousProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Pay $120.00' }).click()
  await at.paymentOf(invoiceId, 'succeeded')
  await page.getByRole('cell', { name: 'paid', exact: true }).first().waitFor()
  expect(stage.stripe.books.moved()).toHaveLength(1)
  await page.context().close()
})

test('who must confirm at a bank is led there, and another card can be chosen', async () => {
  await at.giveCard('globex', 'ok')
  await at.giveCard('globex', 'authentication')
  const { providerRef } = await at.charge('globex', 'action_required')
  const { page } = await visit('globex')
  const confirm = page.getByRole('link', { name: /^Zahlung der Rechnung .* bestätigen$/ })
  expect(await confirm.getAttribute('href')).toBe(`https://hooks.invalid/redirect/${providerRef}`)
  expect(await problemsOf('globex', 'waiting')).toEqual([])
  const use = page.getByRole('button', { name: 'Rechnungen mit Visa •••• 4242 bezahlen' })
  await use.click()
  const isFirst = async () => {
    const { data } = (await stage.call('GET', '/customers/globex/payment-methods')) as {
      data: { isDefault: boolean }[]
    }
    return data[0]?.isDefault === true
  }
  await eventually(isFirst)
  await page.context().close()
})

test('a card that is removed is charged no more, after a question that says so', async () => {
  await at.giveCard('initech', 'ok')
  const { page } = await visit('initech')
  await page.getByRole('button', { name: 'Remove Visa •••• 4242' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Visa •••• 4242 is charged no more.').waitFor()
  await dialog.getByText('cannot be paid from here until you choose or give another').waitFor()
  await photograph(page, 'portal-remove')
  expect(await seriousProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Keep' }).click()
  expect(await at.dataOf('/customers/initech/payment-methods')).toHaveLength(1)
  await page.getByRole('button', { name: 'Remove Visa •••• 4242' }).click()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByText('You have given no payment method yet.').waitFor()
  expect(await at.dataOf('/customers/initech/payment-methods')).toEqual([])
  await page.context().close()
})

test('a Stripe that does not answer is told, and nothing is lost', async () => {
  const { page } = await visit('initech')
  stage.stripe.fail(() => 'server_error')
  await page.getByRole('button', { name: 'Add a payment method' }).click()
  await page.getByText('Stripe did not answer. Nothing was changed; try again.').waitFor()
  await photograph(page, 'portal-unreachable')
  stage.stripe.fail(null)
  await page.context().close()
})

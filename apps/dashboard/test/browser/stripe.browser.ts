import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, SCHEMES, type Stage, seriousProblems, settled, WIDTHS } from './browser.ts'

const ASK_MS = 100
const ASKS_MAX = 600
const SETTINGS = '/settings?tab=stripe'
const CARD = 'Visa •••• 4242'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

type Listed = {
  readonly id: string
  readonly status: string
  readonly invoiceId: string
  readonly providerRef: string
}

async function dataOf(path: string): Promise<Listed[]> {
  return ((await stage.call('GET', path)) as { data: Listed[] }).data
}

/** What the server does by itself a moment later. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < ASKS_MAX; n += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, ASK_MS))
  }
  throw new Error('it did not come to that')
}

async function tellAll(): Promise<void> {
  const { connection } = (await stage.call('GET', '/stripe')) as {
    connection: { webhookUrl: string }
  }
  for (const event of stage.stripe.events.splice(0))
    expect(await stage.stripe.send(connection.webhookUrl, event)).toBe(200)
}

async function giveCard(customerId: string, behaviour: string): Promise<void> {
  const methods = `/customers/${customerId}/payment-methods`
  const before = (await dataOf(methods)).length
  const wanted = { returnUrl: 'https://cloudai.example', currency: 'USD' }
  const setup = await stage.call('POST', `/customers/${customerId}/payment-method-setups`, wanted)
  const page = (setup as { url: string }).url.split('/').at(-1) ?? ''
  stage.stripe.books.completeSession(page, behaviour)
  await tellAll()
  await eventually(async () => (await dataOf(methods)).length > before)
}

/** Charges a one-off invoice, and waits until that has come to `status`. */
async function charge(customerId: string, status: string): Promise<Listed> {
  const item = { description: 'Onboarding', unitAmount: '120' }
  const { id } = (await stage.call('POST', '/invoices', {
    ...{ customerId, currency: 'USD', items: [item] },
  })) as { id: string }
  await stage.call('POST', `/invoices/${id}/collect`)
  return paymentOf(id, status)
}

async function paymentOf(invoiceId: string, status: string): Promise<Listed> {
  const one = async () => (await dataOf(`/payments?invoiceId=${invoiceId}`))[0]
  await eventually(async () => (await one())?.status === status)
  return (await one()) as Listed
}

/** What is wrong with a page at every width in every theme. */
async function problemsOf(path: string): Promise<string[]> {
  const found: string[] = []
  for (const width of WIDTHS)
    for (const scheme of SCHEMES) {
      const { page, complaints } = await stage.open({ width, scheme })
      await page.goto(stage.place(path))
      await settled(page)
      await photograph(page, `${path}-${width}-${scheme}`)
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

/** For whoever wants to look: `USAGEFLOW_PICTURES=folder`. */
async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env.USAGEFLOW_PICTURES
  if (!folder) return
  const file = `${folder}/${name.replace(/\W+/g, '-')}.png`
  await page.screenshot({ path: file, fullPage: true })
}

test('an account is connected step by step, its secrets are shown to nobody, and a bad key says why', async () => {
  expect(await problemsOf(SETTINGS)).toEqual([])
  const { page, complaints } = await stage.open()
  await page.goto(stage.place(SETTINGS))
  const key = page.getByLabel('Secret or restricted key')
  const connect = page.getByRole('button', { name: 'Connect' })
  await connect.click()
  await page.getByText('Paste the key that Stripe shows').waitFor()
  await key.fill('sk_live_fakefakefakefake')
  await connect.click()
  await page.getByText('The test environment takes test keys of Stripe only').waitFor()
  await key.fill('sk_test_revokedrevoked')
  await connect.click()
  await page.getByText('Stripe refuses this key.').waitFor()
  expect(await key.inputValue()).toBe('sk_test_revokedrevoked')
  await photograph(page, 'refused')
  await key.fill(stage.stripe.apiKey)
  await connect.click()
  await page.getByText('incomplete').waitFor()
  expect(await problemsOf(SETTINGS)).toEqual([])
  await page.getByLabel('Signing secret').fill('nonsense')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('begins with whsec_').waitFor()
  await page.getByLabel('Signing secret').fill(stage.stripe.webhookSecret)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('connected', { exact: true }).waitFor()
  const account = stage.stripe.books.account
  const link = page.getByRole('link', { name: 'Open at Stripe' })
  expect(await link.getAttribute('href')).toBe(`https://dashboard.stripe.com/${account}/test`)
  const shown = await page.content()
  for (const secret of [stage.stripe.apiKey, stage.stripe.webhookSecret])
    expect(shown).not.toContain(secret)
  const refused = (text: string) => text.includes('status of 422') || text.includes('status of 400')
  expect(complaints.filter((text) => !refused(text))).toEqual([]) // browsers say so themselves
  await page.context().close()
})

test('a customer shows whom Stripe knows it as and what it pays with, and the default is changed', async () => {
  await giveCard('hooli', 'ok')
  await giveCard('hooli', 'ok')
  const { page } = await stage.open()
  await page.goto(stage.place('/customers/hooli?tab=payments'))
  const known = [...stage.stripe.books.customers.keys()].at(-1) ?? ''
  const link = page.getByRole('link', { name: known })
  const account = stage.stripe.books.account
  expect(await link.getAttribute('href')).toBe(
    `https://dashboard.stripe.com/${account}/test/customers/${known}`,
  )
  const before = await defaultOf('hooli')
  await page.getByRole('button', { name: `Make ${CARD} the default` }).click()
  await eventually(async () => (await defaultOf('hooli')) !== before)
  await page.getByRole('button', { name: 'Ask for a payment method' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Currency').fill('usd')
  await dialog.getByLabel('Where the page leads back to').fill('https://cloudai.example')
  await dialog.getByRole('button', { name: 'Make the page' }).click()
  await dialog.getByText('https://checkout.invalid/').waitFor()
  await page.context().close()
  expect(await problemsOf('/customers/hooli?tab=payments')).toEqual([])
  expect(await problemsOf('/customers/acme?tab=payments')).toEqual([])
})

async function defaultOf(customerId: string): Promise<string | undefined> {
  const all = (await stage.call('GET', `/customers/${customerId}/payment-methods`)) as {
    data: { id: string; isDefault: boolean }[]
  }
  return all.data.find(({ isDefault }) => isDefault)?.id
}

test('an invoice shows what was tried with which card, why it failed, and where the customer confirms', async () => {
  await giveCard('initech', 'insufficient_funds')
  const failed = await charge('initech', 'failed')
  await giveCard('initech', 'authentication')
  await stage.call('POST', `/invoices/${failed.invoiceId}/collect`)
  const waiting = await paymentOf(failed.invoiceId, 'action_required')
  const { page } = await stage.open()
  await page.goto(stage.place(`/invoices/${failed.invoiceId}`))
  await page.getByText(`https://hooks.invalid/redirect/${waiting.providerRef}`).waitFor()
  await page.getByText('Not enough money').waitFor()
  expect(await page.getByRole('cell', { name: CARD }).count()).toBe(2)
  expect(await problemsOf(`/invoices/${failed.invoiceId}`)).toEqual([])
  await page.getByRole('button', { name: 'Give it up' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Give it up' }).click()
  expect(await paymentOf(failed.invoiceId, 'canceled')).toMatchObject({ id: waiting.id })
  await page.context().close()
})

test('a dispute stands with the payment, and leads to where evidence is given', async () => {
  const { invoiceId, providerRef } = await charge('hooli', 'succeeded')
  const dispute = stage.stripe.books.dispute(providerRef, 'product_not_received')
  await tellAll()
  await eventually(async () => (await dataOf('/disputes')).length > 0)
  const { page } = await stage.open()
  await page.goto(stage.place(`/invoices/${invoiceId}`))
  const link = page.getByRole('link', { name: 'Give evidence at Stripe' })
  expect(await link.getAttribute('href')).toBe(
    `https://dashboard.stripe.com/test/payments/${providerRef}`,
  )
  expect(await problemsOf(`/invoices/${invoiceId}`)).toEqual([])
  expect(await problemsOf('/payments')).toEqual([])
  stage.stripe.books.closeDispute(dispute, 'lost')
  await tellAll()
  await eventually(async () => (await dataOf('/disputes'))[0]?.status === 'lost')
  await page.reload()
  await page.getByRole('cell', { name: 'lost', exact: true }).waitFor()
  expect(await link.count()).toBe(0)
  await page.context().close()
})

test('a key that Stripe refuses later is told of, and Stripe is disconnected by who types its account', async () => {
  const { account } = stage.stripe.books
  await stage.query('update stripe_connections set error_at = now(), error_code = $1', [
    'api_key_expired',
  ])
  const { page } = await stage.open()
  await page.goto(stage.place(SETTINGS))
  await page.getByText('Stripe refuses the key').waitFor()
  expect(await problemsOf(SETTINGS)).toEqual([])
  await page.getByRole('button', { name: 'Disconnect' }).click()
  const dialog = page.getByRole('dialog')
  const confirm = dialog.getByRole('button', { name: 'Disconnect' })
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByRole('textbox').fill(account)
  await photograph(page, 'disconnect')
  await confirm.click()
  await page.getByText('No account of Stripe is connected').waitFor()
  expect(await stage.call('GET', '/stripe')).toEqual({ connection: null })
  await page.context().close()
})

test('who may not change it sees how it is, and why nothing can be done', async () => {
  const { page } = await stage.openAs(await stage.join('VIEWER'))
  await page.goto(stage.place(SETTINGS))
  await page.getByText('Your role VIEWER may not do this').waitFor()
  expect(await page.getByRole('button', { name: 'Connect' }).isDisabled()).toBe(true)
  await page.context().close()
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage } from './browser.ts'
import {
  eventually,
  photograph,
  problemsOf,
  type StripeStage,
  stripeStage,
} from './stripe-stage.ts'

const SETTINGS = '/settings?tab=stripe'
const CARD = 'Visa •••• 4242'

let stage: Stage
let at: StripeStage
beforeAll(async () => {
  stage = await openStage()
  at = stripeStage(stage)
})
afterAll(() => stage.close())

test('an account is connected step by step, its secrets are shown to nobody, and a bad key says why', async () => {
  expect(await problemsOf(stage, SETTINGS)).toEqual([])
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
  expect(await problemsOf(stage, SETTINGS)).toEqual([])
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
  await at.giveCard('hooli', 'ok')
  await at.giveCard('hooli', 'ok')
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
  expect(await problemsOf(stage, '/customers/hooli?tab=payments')).toEqual([])
  expect(await problemsOf(stage, '/customers/acme?tab=payments')).toEqual([])
})

async function defaultOf(customerId: string): Promise<string | undefined> {
  const all = (await stage.call('GET', `/customers/${customerId}/payment-methods`)) as {
    data: { id: string; isDefault: boolean }[]
  }
  return all.data.find(({ isDefault }) => isDefault)?.id
}

test('an invoice shows what was tried with which card, why it failed, and where the customer confirms', async () => {
  await at.giveCard('initech', 'insufficient_funds')
  const failed = await at.charge('initech', 'failed')
  await at.giveCard('initech', 'authentication')
  await stage.call('POST', `/invoices/${failed.invoiceId}/collect`)
  const waiting = await at.paymentOf(failed.invoiceId, 'action_required')
  const { page } = await stage.open()
  await page.goto(stage.place(`/invoices/${failed.invoiceId}`))
  await page.getByText(`https://hooks.invalid/redirect/${waiting.providerRef}`).waitFor()
  await page.getByText('Not enough money').waitFor()
  expect(await page.getByRole('cell', { name: CARD }).count()).toBe(2)
  expect(await problemsOf(stage, `/invoices/${failed.invoiceId}`)).toEqual([])
  await page.getByRole('button', { name: 'Give it up' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Give it up' }).click()
  expect(await at.paymentOf(failed.invoiceId, 'canceled')).toMatchObject({ id: waiting.id })
  await page.context().close()
})

test('a dispute stands with the payment, and leads to where evidence is given', async () => {
  const { invoiceId, providerRef } = await at.charge('hooli', 'succeeded')
  const dispute = stage.stripe.books.dispute(providerRef, 'product_not_received')
  await at.tellAll()
  await eventually(async () => (await at.dataOf('/disputes')).length > 0)
  const { page } = await stage.open()
  await page.goto(stage.place(`/invoices/${invoiceId}`))
  const link = page.getByRole('link', { name: 'Give evidence at Stripe' })
  expect(await link.getAttribute('href')).toBe(
    `https://dashboard.stripe.com/test/payments/${providerRef}`,
  )
  expect(await problemsOf(stage, `/invoices/${invoiceId}`)).toEqual([])
  expect(await problemsOf(stage, '/payments')).toEqual([])
  stage.stripe.books.closeDispute(dispute, 'lost')
  await at.tellAll()
  await eventually(async () => (await at.dataOf('/disputes'))[0]?.status === 'lost')
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
  expect(await problemsOf(stage, SETTINGS)).toEqual([])
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

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage, seriousProblems } from './browser.ts'
import {
  eventually,
  photograph,
  problemsOf,
  type StripeStage,
  stripeStage,
} from './stripe-stage.ts'
import { type SyncStage, syncStage } from './sync-stage.ts'

let stage: Stage
let at: SyncStage
let stripe: StripeStage
let trigger = ''
beforeAll(async () => {
  stage = await openStage({ isLived: false })
  at = syncStage(stage)
  stripe = stripeStage(stage)
  await at.begin()
  await at.connect()
  await at.link('ann')
})
afterAll(() => stage.close())

const ofTrigger = (search = '') => stage.place(`/stripe-sync/${trigger}${search}`)
const books = () => stage.stripe.books.invoices

/** An invoice of $120, once it stands so at Stripe. */
async function billed(customerId: string, state: string): Promise<string> {
  const id = await stripe.invoice(customerId)
  await comes(id, state)
  return id
}

async function comes(invoiceId: string, state: string): Promise<void> {
  await eventually(async () => {
    const path = `/stripe/invoices?invoiceId=${invoiceId}&state=${state}`
    return (await stripe.dataOf(path)).length > 0
  })
}

test('invoices are billed at Stripe from a few clicks on', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/stripe-sync'))
  await page.getByRole('button', { name: 'New trigger' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Type' }).click()
  await page.getByRole('option', { name: 'Invoices' }).click()
  expect(await dialog.getByRole('combobox', { name: 'Meter' }).count()).toBe(0)
  await dialog.getByRole('combobox', { name: 'How Stripe collects it' }).click()
  await page.getByRole('option', { name: 'Send it, due as the invoice here is' }).click()
  await photograph(page, 'invoices-form')
  expect(await seriousProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Make the trigger' }).click()
  await page.waitForURL(/stripe-sync\/strt_/)
  trigger = page.url().split('/').at(-1) ?? ''
  await page.getByText('No invoice was to be billed yet').waitFor()
  await page.getByText('An invoice of its own. Send it', { exact: false }).waitFor()
  expect(await problemsOf(stage, `/stripe-sync/${trigger}`, 'invoices-none')).toEqual([])
  await page.context().close()
})

test('each says how it stands there, on the page of the trigger and on its own', async () => {
  const sent = await billed('ann', 'sent')
  await billed('bob', 'waiting')
  const { page } = await stage.open()
  await page.goto(ofTrigger())
  await page.getByRole('cell', { name: 'Stripe does not know the customer' }).waitFor()
  await page.getByRole('cell', { name: 'Ann & Sons' }).first().click()
  await page.waitForURL(new RegExp(`invoices/${sent}`))
  await page.getByRole('heading', { name: 'At Stripe' }).waitFor()
  await page.getByRole('link', { name: 'in_fake', exact: false }).waitFor()
  expect(await problemsOf(stage, `/stripe-sync/${trigger}`, 'invoices-some')).toEqual([])
  expect(await problemsOf(stage, `/invoices/${sent}`, 'invoice-at-stripe')).toEqual([])
  const [made] = [...books().invoices.values()]
  books().pay(made?.id ?? '')
  await stripe.tellAll()
  await comes(sent, 'paid')
  await page.reload()
  await page.getByText('paid', { exact: true }).first().waitFor()
  await page.context().close()
})

test('what was refused says why, and is sent again by a click once that was mended', async () => {
  books().addsToEach = 23
  const refused = await billed('ann', 'refused')
  const { page } = await stage.open()
  await page.goto(stage.place(''))
  await page.getByRole('link', { name: '1 record', exact: true }).click()
  await page.waitForURL(new RegExp(`stripe-sync/${trigger}\\?state=refused`))
  await page.getByRole('cell', { name: 'It comes to something else at Stripe' }).click()
  await page.waitForURL(new RegExp(`invoices/${refused}`))
  await page.getByText('It comes to something else at Stripe').waitFor()
  await page.getByText('It comes to 120.23 USD at Stripe, and to 120.00 USD here.').waitFor()
  expect(await problemsOf(stage, `/invoices/${refused}`, 'invoice-refused')).toEqual([])
  books().addsToEach = 0
  await page.getByRole('button', { name: 'Send again' }).click()
  await comes(refused, 'sent')
  await page.getByText('It comes to something else at Stripe').waitFor({ state: 'detached' })
  await page.context().close()
})

test('stopping it says what becomes of what waits, and gives that back', async () => {
  const { page } = await stage.open()
  await page.goto(ofTrigger())
  await page.getByRole('button', { name: 'Stop' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('those that wait are yours to collect', { exact: false }).waitFor()
  await dialog.getByRole('button', { name: 'Stop' }).click()
  await page.getByText('stopped', { exact: true }).waitFor()
  await page.getByRole('cell', { name: 'Stripe does not know the customer' }).waitFor({
    state: 'detached',
  })
  await page.context().close()
})

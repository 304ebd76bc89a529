import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Stage } from './browser.ts'

const ASK_MS = 100
const ASKS_MAX = 600

export type Listed = {
  readonly id: string
  readonly status: string
  readonly invoiceId: string
  readonly providerRef: string
}

/** What a test does with Stripe on a stage whose environment is connected to it. */
export type StripeStage = {
  dataOf(path: string): Promise<Listed[]>
  /** Sends all that Stripe has to tell. */
  tellAll(): Promise<void>
  /** Has a customer give a card that behaves so. */
  giveCard(customerId: string, behaviour: string): Promise<void>
  /** A final one-off invoice of $120. */
  invoice(customerId: string): Promise<string>
  /** Charges such an invoice, and waits until that has come to `status`. */
  charge(customerId: string, status: string): Promise<Listed>
  /** The newest attempt to collect an invoice, once it is so. */
  paymentOf(invoiceId: string, status: string): Promise<Listed>
}

/** What the server does by itself a moment later. */
export async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < ASKS_MAX; n += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, ASK_MS))
  }
  throw new Error('it did not come to that')
}

export function stripeStage(stage: Stage): StripeStage {
  const { stripe, call } = stage
  const dataOf = async (path: string) => ((await call('GET', path)) as { data: Listed[] }).data
  async function tellAll(): Promise<void> {
    const { connection } = (await call('GET', '/stripe')) as { connection: { webhookUrl: string } }
    for (const event of stripe.events.splice(0))
      expect(await stripe.send(connection.webhookUrl, event)).toBe(200)
  }
  async function paymentOf(invoiceId: string, status: string): Promise<Listed> {
    const one = async () => (await dataOf(`/payments?invoiceId=${invoiceId}`))[0]
    await eventually(async () => (await one())?.status === status)
    return (await one()) as Listed
  }
  async function invoice(customerId: string): Promise<string> {
    const item = { description: 'Onboarding', unitAmount: '120' }
    const wanted = { customerId, currency: 'USD', items: [item] }
    return ((await call('POST', '/invoices', wanted)) as { id: string }).id
  }
  return {
    ...{ dataOf, tellAll, paymentOf, invoice },
    async giveCard(customerId, behaviour) {
      const methods = `/customers/${customerId}/payment-methods`
      const before = (await dataOf(methods)).length
      const wanted = { returnUrl: 'https://cloudai.example', currency: 'USD' }
      const setup = await call('POST', `/customers/${customerId}/payment-method-setups`, wanted)
      const page = (setup as { url: string }).url.split('/').at(-1) ?? ''
      stripe.books.completeSession(page, behaviour)
      await tellAll()
      await eventually(async () => (await dataOf(methods)).length > before)
    },
    async charge(customerId, status) {
      const id = await invoice(customerId)
      await call('POST', `/invoices/${id}/collect`)
      return paymentOf(id, status)
    },
  }
}

/** For whoever wants to look: `USAGEFLOW_PICTURES=folder`. */
export async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env.USAGEFLOW_PICTURES
  if (!folder) return
  const file = `${folder}/${name.replace(/\W+/g, '-')}.png`
  await page.screenshot({ path: file, fullPage: true })
}

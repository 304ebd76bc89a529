import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { SCHEMES, type Stage, seriousProblems, settled } from './browser.ts'

const ASK_MS = 100
const ASKS_MAX = 600
const WIDE = 1280
const NARROW = 375

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

/** What is wrong with a page at every width in every theme. */
export async function problemsOf(
  stage: Stage,
  path: string,
  name: string = path,
): Promise<string[]> {
  const found: string[] = []
  for (const width of [WIDE, NARROW])
    for (const scheme of SCHEMES) {
      const { page, complaints } = await stage.open({ width, scheme })
      await page.goto(stage.place(path))
      await settled(page)
      await photograph(page, `${name}-${width}-${scheme}`)
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
export async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env.USAGEFLOW_PICTURES
  if (!folder) return
  const file = `${folder}/${name.replace(/\W+/g, '-')}.png`
  await page.screenshot({ path: file, fullPage: true })
}

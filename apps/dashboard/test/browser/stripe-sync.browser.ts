import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage, seriousProblems } from './browser.ts'
import { photograph, problemsOf } from './stripe-stage.ts'
import { hourAgo, type SyncStage, syncStage } from './sync-stage.ts'

const LIST = '/stripe-sync'

let stage: Stage
let at: SyncStage
let trigger = ''
let cus = ''
beforeAll(async () => {
  stage = await openStage({ isLived: false })
  at = syncStage(stage)
  await at.begin()
})
afterAll(() => stage.close())

const ofTrigger = (search = '') => stage.place(`${LIST}/${trigger}${search}`)

test('before there is any, the page says what a trigger does and what has to be there first', async () => {
  expect(await problemsOf(stage, LIST, 'sync-none')).toEqual([])
  const { page } = await stage.open()
  await page.goto(stage.place(LIST))
  await page.getByText('that is connected here: there is none yet').waitFor()
  await page.getByText('that counts or adds up: there is', { exact: false }).waitFor()
  const make = page.getByRole('button', { name: 'New trigger' }).first()
  expect(await make.getAttribute('aria-disabled')).toBe('true')
  await make.hover()
  await page.getByText('No account of Stripe is connected: see the settings.').waitFor()
  await page.getByRole('link', { name: 'an account of Stripe' }).click()
  await page.waitForURL(/settings\?tab=stripe/)
  await page.context().close()
})

test('a trigger is made by clicks, and what is refused stands at its field and stays typed', async () => {
  await at.connect()
  cus = await at.link('ann')
  at.meter('api_requests')
  stage.stripe.books.meters.add('hourly', { window: 'hour' })
  const { page } = await stage.open()
  await page.goto(stage.place(LIST))
  await page.getByRole('button', { name: 'New trigger' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Meter' }).click()
  const peak = page.getByRole('option', { name: 'Peak' })
  expect(await peak.getAttribute('data-combobox-disabled')).toBe('true')
  await page.getByRole('option', { name: 'Requests' }).click()
  await dialog.getByLabel('Price of Stripe').fill('price_none')
  await dialog.getByRole('button', { name: 'Make the trigger' }).click()
  await dialog.getByText('has no price "price_none"').waitFor()
  expect(await invalidFields()).toEqual(['Price of Stripe'])
  await dialog.getByLabel('Price of Stripe').fill('')
  await dialog.getByLabel('Event name').fill('hourly')
  await dialog.getByLabel('From').fill(hourAgo(5).slice(0, 16))
  await dialog.getByRole('button', { name: 'Make the trigger' }).click()
  await dialog.getByText('takes one event for each hour').waitFor()
  expect(await invalidFields()).toEqual(['Event name'])
  await photograph(page, 'sync-form')
  expect(await seriousProblems(page)).toEqual([])
  await dialog.getByLabel('Event name').fill('api_requests')
  await dialog.getByRole('button', { name: 'Make the trigger' }).click()
  await page.waitForURL(/stripe-sync\/strt_/)
  trigger = page.url().split('/').at(-1) ?? ''
  await page.getByRole('heading', { name: 'Requests' }).waitFor()
  await page.getByText('Nothing was to be sent yet').waitFor()
  await page.context().close()

  async function invalidFields(): Promise<(string | null)[]> {
    const wrong = await dialog.locator('input[aria-invalid="true"]').all()
    return Promise.all(
      wrong.map((field) =>
        field.evaluate((one) => (one as HTMLInputElement).labels?.[0]?.textContent ?? ''),
      ),
    )
  }
})

test('what was sent and what waits is told apart, and a filter stands in the address', async () => {
  await at.used({ customerId: 'ann', amount: '3' }, { customerId: 'bob', amount: '1234567.5' })
  await at.come(trigger, 'sent')
  await at.come(trigger, 'waiting')
  const { page } = await stage.open()
  await page.goto(ofTrigger())
  const rows = page.getByRole('table', { name: 'Records' }).locator('tbody tr')
  await page.getByRole('cell', { name: 'Stripe does not know the customer' }).waitFor()
  expect(await rows.count()).toBe(2)
  await page.getByRole('button', { name: 'State', exact: true }).first().click()
  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'sent' }).click()
  await page.waitForURL(/state=sent/)
  await page.reload()
  await page.getByRole('button', { name: 'State: sent' }).waitFor()
  await page.getByRole('cell', { name: 'Ann & Sons' }).waitFor()
  expect(await rows.count()).toBe(1)
  expect(await problemsOf(stage, `${LIST}/${trigger}`, 'sync-trigger')).toEqual([])
  expect(await problemsOf(stage, LIST, 'sync-list')).toEqual([])
  await page.context().close()
})

test('a record that waits says why, leads to where that is mended, and is sent then', async () => {
  const [waiting] = await at.come(trigger, 'waiting')
  const { page } = await stage.open()
  await page.goto(ofTrigger('?state=waiting'))
  await page.getByRole('table', { name: 'Records' }).getByRole('link').first().click()
  await page.waitForURL(new RegExp(`sync-records/${waiting?.id}`))
  await page.getByText('1,234,567.5').waitFor()
  expect(await problemsOf(stage, `/sync-records/${waiting?.id}`, 'sync-waiting')).toEqual([])
  await page.getByRole('link', { name: 'its payments' }).click()
  await page.getByRole('button', { name: 'Link to one of Stripe' }).click()
  const { id } = stage.stripe.books.createCustomer({}) as { id: string }
  await page.getByLabel('Customer of Stripe').fill(id)
  await page.getByRole('button', { name: 'Link', exact: true }).click()
  await page.getByRole('table', { name: 'Usage told to Stripe' }).waitFor()
  await at.come(trigger, 'sent', 2)
  await page.getByRole('cell', { name: 'sent', exact: true }).waitFor()
  expect(await problemsOf(stage, '/customers/bob?tab=payments', 'sync-customer')).toEqual([])
  await page.context().close()
})

test('what Stripe refused says so in its words, and is sent again one by one or all at once', async () => {
  const meter = [...stage.stripe.books.meters.meters.values()][0]
  if (!meter) throw new Error('there is a meter')
  meter.status = 'inactive'
  await at.used({ customerId: 'ann', amount: '5' }, { customerId: 'bob', amount: '7' })
  const [refused] = await at.come(trigger, 'refused', 2)
  const { page } = await stage.open()
  await page.goto(stage.place(`/sync-records/${refused?.id}`))
  await page.getByText('Stripe said: No active meter found for api_requests.').waitFor()
  expect(await problemsOf(stage, `/sync-records/${refused?.id}`, 'sync-refused')).toEqual([])
  meter.status = 'active'
  await page.getByRole('button', { name: 'Send again' }).click()
  await at.come(trigger, 'sent', 3)
  await page.getByText('Stripe has it.').waitFor()
  await page.goto(ofTrigger())
  await page.getByRole('button', { name: 'Send refused again' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Change first what the records name').waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Send again' }).click()
  await page.getByText('1 are sent again').waitFor()
  await at.come(trigger, 'sent', 4)
  await page.context().close()
})

test('reconciliation says in words that all is equal, who differs, and that Stripe does not answer', async () => {
  const { page } = await stage.open()
  await page.goto(ofTrigger('?tab=reconciliation'))
  await page.getByText('All equal').waitFor()
  await page.getByText('Of 2 customers, Stripe has exactly what was sent.').waitFor()
  expect(await page.getByRole('cell', { name: 'equal', exact: true }).count()).toBe(2)
  const of = { event_name: 'api_requests', identifier: 'of-somebody-else' }
  const timestamp = String(Date.parse(hourAgo(3)) / 1_000)
  stage.stripe.books.meters.createEvent({
    ...{ ...of, timestamp, 'payload[stripe_customer_id]': cus, 'payload[value]': '1200' },
  })
  await page.reload()
  await page.getByText('Of 2 customers, one differs').waitFor()
  await page.getByRole('cell', { name: '1,200 more at Stripe' }).waitFor()
  const path = `${LIST}/${trigger}?tab=reconciliation`
  expect(await problemsOf(stage, path, 'sync-reconciliation')).toEqual([])
  await page.getByText('Days', { exact: true }).click()
  await page.getByLabel('First day, in UTC').fill('2020-01-01')
  await page.waitForURL(/from=2020-01-01/)
  await page.getByLabel('Last day, in UTC').fill('2020-01-31')
  await page.getByText('Nothing to compare').waitFor()
  stage.stripe.fail(() => 'server_error')
  await page.goto(stage.place(path))
  await page.getByText('Stripe did not answer').waitFor()
  await photograph(page, 'sync-unreachable')
  stage.stripe.fail(null)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Of 2 customers, one differs').waitFor()
  await page.context().close()
})

test('a trigger is stopped and started again by who is told what it means', async () => {
  const { page } = await stage.open()
  await page.goto(ofTrigger())
  await page.getByRole('button', { name: 'Stop' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Stripe is told nothing more, so that it bills nothing more.').waitFor()
  await photograph(page, 'sync-stop')
  await dialog.getByRole('button', { name: 'Stop' }).click()
  await page.getByText('stopped', { exact: true }).waitFor()
  expect(await isActive()).toBe(false)
  await page.goto(stage.place('/meters/requests'))
  await page.getByText('(stopped)').waitFor()
  await page.getByRole('link', { name: 'api_requests' }).click()
  await page.getByRole('button', { name: 'Start' }).click()
  await dialog.getByRole('button', { name: 'Start' }).click()
  await page.getByText('active', { exact: true }).waitFor()
  expect(await isActive()).toBe(true)
  await page.goto(stage.place('/settings?tab=stripe'))
  await page.getByText('Stripe is told of one meter.').waitFor()
  await page.context().close()

  async function isActive(): Promise<unknown> {
    return ((await stage.call('GET', `/stripe/triggers/${trigger}`)) as { active: boolean }).active
  }
})

test('a type that the dashboard has never heard of is shown all the same', async () => {
  const { page, complaints } = await stage.open()
  await page.route(/\/api\/v1\/stripe\/triggers/, async (route) => {
    const answer = await route.fetch()
    const text = (await answer.text()).replaceAll('"stripe_usage"', '"stripe_seats"')
    await route.fulfill({ response: answer, body: text })
  })
  await page.goto(stage.place(LIST))
  await page.getByRole('cell', { name: 'Seats' }).waitFor()
  await page.goto(ofTrigger())
  await page.getByText('Stripe is told of usage (stripe_seats).').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('while another account is connected it says that nothing is told, and Stripe is not asked', async () => {
  await stage.call('DELETE', '/stripe')
  const { page, complaints } = await stage.open()
  await page.goto(ofTrigger('?tab=reconciliation'))
  await page.getByText('Stripe is not connected').waitFor()
  await page.getByText('Stripe cannot be asked').waitFor()
  expect(complaints).toEqual([])
  await photograph(page, 'sync-disconnected')
  await at.connect()
  await page.context().close()
})

test('who may only look sees everything, and why nothing can be done', async () => {
  const { page } = await stage.openAs(await stage.join('VIEWER'))
  await page.goto(ofTrigger())
  await page.getByRole('cell', { name: 'Ann & Sons' }).first().waitFor()
  const stop = page.getByRole('button', { name: 'Stop' })
  expect(await stop.getAttribute('aria-disabled')).toBe('true')
  await stop.hover()
  await page.getByText('Your role VIEWER may not do this: it lacks "billing:write".').waitFor()
  await page.context().close()
})

test('a quantity of subscriptions is set by any meter, and has no sums to compare', async () => {
  const { subscriptions } = stage.stripe.books
  const price = subscriptions.addPrice()
  const item = subscriptions.subscribe(cus, price)
  const { page } = await stage.open()
  await page.goto(stage.place(LIST))
  await page.getByRole('button', { name: 'New trigger' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Type' }).click()
  await page.getByRole('option', { name: 'Quantity of subscriptions' }).click()
  expect(await dialog.getByLabel('Event name').count()).toBe(0)
  await dialog.getByRole('combobox', { name: 'Meter' }).click()
  await page.getByRole('option', { name: 'Peak' }).click()
  await dialog.getByLabel('Price of Stripe').fill(price.id)
  await dialog.getByRole('combobox', { name: 'When the quantity changes' }).click()
  await page.getByRole('option', { name: 'Prorate on the next invoice' }).click()
  await photograph(page, 'sync-form-quantity')
  expect(await seriousProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Make the trigger' }).click()
  await page.waitForURL(/stripe-sync\/strt_/)
  await page.getByText('Prorate on the next invoice').waitFor()
  expect(await page.getByRole('tab', { name: 'Reconciliation' }).count()).toBe(0)
  const quantities = page.url().split('/').at(-1) ?? ''
  await at.come(quantities, 'sent')
  expect(item.quantity).not.toBe(1)
  await page.getByRole('cell', { name: 'sent', exact: true }).waitFor()
  expect(await problemsOf(stage, `${LIST}/${quantities}`, 'sync-quantities')).toEqual([])
  await page.context().close()
})

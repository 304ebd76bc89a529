import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage, seriousProblems } from './browser.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test('a plan has by clicks all that the API gives it, and a new version keeps it', async () => {
  const { id: taxRate } = (await stage.call('POST', '/tax-rates', {
    ...{ key: 'vat', name: 'VAT', percent: '19' },
  })) as { id: string }
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/plans/new'))
  await page.getByLabel('Name', { exact: true }).fill('Everything')
  await page.getByLabel('Base price', { exact: true }).fill('100')
  await page.getByLabel('Paid within').fill('30')
  await page.getByLabel('Waits for late events').fill('7200')
  await choose(page, 'Rate of tax', 'VAT (19 %)')
  await page.getByRole('button', { name: 'Price a meter' }).click()
  await page.getByRole('menuitem', { name: 'AI tokens' }).click()
  await page.getByLabel('Price of a unit').fill('0.01')
  await choose(page, 'Prices by a property', 'model')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Add a case' }).click()
  const large = page.getByRole('group', { name: 'Case 1' })
  await large.getByLabel('If model is').fill('large')
  await large.getByLabel('Included units').fill('1000')
  await large.getByLabel('Price of a unit').fill('0.02')
  await large.getByLabel('At most').fill('500')
  await page.getByRole('button', { name: 'Add a fixed price' }).click()
  const setUp = page.getByRole('group', { name: 'Fixed price 1' })
  await setUp.getByLabel('What for').fill('Set-up')
  await setUp.getByLabel('Amount').fill('49')
  await choose(page, 'Due', 'once')
  await page.getByRole('button', { name: 'Add credits' }).click()
  const credits = page.getByRole('group', { name: 'Credits 1' })
  await choose(page, 'Meter', 'AI tokens')
  await credits.getByLabel('Units', { exact: true }).fill('500')
  await credits.getByRole('switch', { name: /What is left/ }).check()
  await credits.getByLabel('At most').fill('200')
  await page.getByText('Without $49.00 once: Set-up.').waitFor()
  const reckoned = page.getByRole('table', { name: 'What a period would cost' })
  await reckoned.getByText('$110.00').waitFor() // 1,000 included, 500 of credits, 500 at 0.02
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await page.waitForURL(/plans\/everything$/)
  await page.getByText('large: 1,000 included').waitFor()
  const version = {
    ...{ basePrice: '100.00', netDays: 30, graceSeconds: 7200, taxRate },
    prices: [
      {
        ...{ meter: 'AI_TOKEN', model: 'by_dimension', properties: ['model'], taxRate: null },
        cases: [
          {
            values: ['large'],
            price: {
              ...{ model: 'per_unit', includedUnits: '1000', unitPrice: '0.02', maximum: '500' },
            },
          },
        ],
        otherwise: { model: 'per_unit', includedUnits: '0', unitPrice: '0.01' },
      },
    ],
    flatPrices: [{ name: 'Set-up', amount: '49.00', recurring: 'once', taxRate: null }],
    credits: [{ units: '500', priority: 100, rollover: { cap: '200', periods: 1 } }],
  }
  expect(await newestVersion('everything')).toMatchObject(version)

  await page.getByRole('link', { name: 'New version' }).click()
  await page.getByLabel('Base price', { exact: true }).fill('120')
  await page.getByRole('button', { name: 'Add the version' }).click()
  await page.waitForURL(/plans\/everything$/)
  expect(await newestVersion('everything')).toMatchObject({ ...version, basePrice: '120.00' })
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a change of a subscription is previewed, planned, shown and taken back', async () => {
  const subscription = await subscriptionOf('acme')
  const { page, complaints } = await stage.open()
  await page.goto(stage.place(`/subscriptions/${subscription.id}`))
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Change plan, quantity or prices…' }).click()
  await page.waitForURL(/change$/)
  await page.getByLabel('Quantity').fill('3')
  await page.getByLabel('Its own base price').fill('80')
  await page.getByRole('button', { name: 'Price a meter' }).click()
  await page.getByRole('menuitem', { name: 'API_CALL' }).click()
  await page.getByLabel('Price of a unit').fill('0.005')
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByText('As it would be').waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Plan the change' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Plan it' }).click()
  await page.waitForURL(/subscriptions\/sub_[^/]+$/)
  await page.getByText('A change is planned').waitFor()
  expect(await stage.call('GET', `/subscriptions/${subscription.id}`)).toMatchObject({
    scheduledChange: {
      ...{ plan: 'pro', planVersion: 1, quantity: '3' },
      overrides: { basePrice: '80.00', prices: [{ unitPrice: '0.005', includedUnits: '10000' }] },
    },
  })

  await page.getByRole('button', { name: 'Actions' }).click()
  const pause = page.getByRole('menuitem', { name: 'Pause' })
  expect(await pause.getAttribute('data-disabled')).toBe('true')
  await pause.getByText('A change is planned already').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Take it back' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
  await page.getByText('A change is planned').waitFor({ state: 'detached' })
  expect(await stage.call('GET', `/subscriptions/${subscription.id}`)).toMatchObject({
    scheduledChange: null,
  })
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a change holds now with another plan, and usage can be billed early', async () => {
  const subscription = await subscriptionOf('umbrella')
  const { page } = await stage.open()
  await page.goto(stage.place(`/subscriptions/${subscription.id}/change`))
  await choose(page, 'Plan', 'Pro')
  await page.getByText('Now', { exact: true }).click()
  await page.getByRole('button', { name: 'Preview' }).click()
  await page.getByRole('button', { name: 'Change it now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Change it' }).click()
  await page.waitForURL(/subscriptions\/sub_[^/]+$/)
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Bill usage early…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('As soon as it comes to').fill('250')
  await dialog.getByRole('button', { name: 'Bill usage early' }).click()
  await page.getByText('at $250.00').waitFor()
  expect(await stage.call('GET', `/subscriptions/${subscription.id}`)).toMatchObject({
    ...{ plan: 'pro', scheduledChange: null, spendThresholdMinor: '25000' },
  })
  await page.context().close()
})

test('rates of tax, add-ons and coupons are made, given with a subscription, and archived', async () => {
  await stage.call('POST', '/customers', { customerId: 'novice' })
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/settings?tab=tax'))
  await page.getByRole('button', { name: 'New rate of tax' }).click()
  await fill(page, { Name: 'Sales tax', Percent: '7.5' })
  await page.getByRole('dialog').getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('cell', { name: 'sales_tax' }).waitFor()
  expect(await seriousProblems(page)).toEqual([])

  await page.goto(stage.place('/plans?tab=add-ons'))
  await page.getByRole('button', { name: 'New add-on' }).click()
  await fill(page, { Name: 'Extra seat', 'Price of one': '20' })
  await choose(page, 'Rate of tax', 'Sales tax (7.5 %)')
  await page.getByRole('dialog').getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('cell', { name: 'extra_seat' }).waitFor()
  await page.getByRole('tab', { name: 'Coupons' }).click()
  await page.getByRole('button', { name: 'New coupon' }).click()
  await fill(page, { Key: 'HELLO', Percent: '10' })
  await page.getByRole('dialog').getByRole('button', { name: 'Make it' }).click()
  await page.getByText('10 % off once').waitFor()
  expect(await seriousProblems(page)).toEqual([])

  await page.goto(stage.place('/subscriptions/new?customerId=novice'))
  await choose(page, 'Plan', 'Storage')
  await page.getByText('More', { exact: true }).click()
  await choose(page, 'Periods begin', 'With the calendar, like on the 1st of a month')
  await choose(page, 'Coupon', 'HELLO')
  await page.getByRole('button', { name: 'Give it an add-on' }).click()
  await choose(page, 'Add-on 1', 'Extra seat')
  await page.getByLabel('Quantity of add-on 1').fill('2')
  await page.getByLabel('Its own base price').fill('8')
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Put on the plan' }).click()
  await page.waitForURL(/subscriptions\/sub_/)
  const { id, ...made } = await subscriptionOf('novice')
  expect(made).toMatchObject({ anchor: 'calendar', overrides: { basePrice: '8.00' } })
  expect(await stage.call('GET', `/subscriptions/${id}/add-ons`)).toMatchObject({
    data: [{ addOn: 'extra_seat', quantity: '2', until: null }],
  })
  await page.getByRole('tab', { name: 'Add-ons and coupons' }).click()
  await page.getByText('10 % off once').waitFor()
  await page.getByRole('button', { name: 'Take away' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take it away' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Take off' }).click()
  await page.getByRole('dialog').getByText('Now', { exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take it off' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const { data } = (await stage.call('GET', '/coupon-attachments?customerId=novice')) as {
    data: { detachedAt: string | null }[]
  }
  expect(data.map(({ detachedAt }) => detachedAt === null)).toEqual([false])
  expect(await seriousProblems(page)).toEqual([])

  await page.goto(stage.place('/plans?tab=coupons'))
  await page.getByRole('button', { name: 'Archive' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('HELLO')
  await page.getByRole('dialog').getByRole('button', { name: 'Archive it' }).click()
  await page.getByRole('cell', { name: 'archived' }).waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a subscription whose coupon cannot be given is not made, and says why', async () => {
  await stage.call('POST', '/customers', { customerId: 'latecomer' })
  await stage.call('POST', '/coupons', {
    ...{ key: 'ONCE', name: 'Once', percent: '10', duration: 'once', redemptionsMax: 1 },
  })
  const { page } = await stage.open()
  await page.goto(stage.place('/subscriptions/new?customerId=latecomer'))
  await choose(page, 'Plan', 'Storage')
  await page.getByText('More', { exact: true }).click()
  await choose(page, 'Coupon', 'Once')
  await stage.call('POST', '/coupon-attachments', { coupon: 'ONCE', customerId: 'acme' })
  await page.getByRole('button', { name: 'Put on the plan' }).click()
  await page.getByText('was given as often as it may be (1)').waitFor()
  expect(await stage.call('GET', '/subscriptions?customerId=latecomer')).toMatchObject({ data: [] })
  await page.getByLabel('No coupon').click()
  await page.getByRole('button', { name: 'Put on the plan' }).click()
  await page.waitForURL(/subscriptions\/sub_/)
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Cancel', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.getByText('It is canceled').waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Take it back' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Take back the cancelation' }).click()
  await page.getByText('It is canceled').waitFor({ state: 'detached' })
  expect(await subscriptionOf('latecomer')).toMatchObject({ plan: 'storage', cancelAt: null })
  await page.context().close()
})

test('rows and choices are typing, too: whoever leaves them is asked', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/plans/new'))
  await page.getByRole('button', { name: 'Add a fixed price' }).click()
  await page.getByRole('link', { name: 'Meters' }).click()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
  await page.context().close()
})

test('what a role may not sell is there, and says why', async () => {
  const { id } = await subscriptionOf('acme')
  const { page } = await stage.openAs(await stage.join('VIEWER'))
  await page.goto(stage.place('/plans?tab=coupons'))
  for (const name of ['New coupon', 'New add-on']) {
    const button = page.getByRole('button', { name })
    await button.waitFor()
    expect(await button.getAttribute('aria-disabled')).toBe('true')
  }
  await page.goto(stage.place(`/subscriptions/${id}?tab=extras`))
  const give = page.getByRole('button', { name: 'Give it a coupon' })
  await give.waitFor()
  expect(await give.getAttribute('aria-disabled')).toBe('true')
  await page.context().close()
})

async function subscriptionOf(customerId: string): Promise<{ readonly id: string }> {
  const { data } = (await stage.call('GET', `/subscriptions?customerId=${customerId}`)) as {
    data: { readonly id: string }[]
  }
  const [subscription] = data
  if (!subscription) throw new Error(`${customerId} has no subscription`)
  return subscription
}

/** Fills in fields of the dialog by their labels. */
async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByRole('dialog').getByLabel(label, { exact: true }).fill(value)
}

async function newestVersion(plan: string): Promise<unknown> {
  const { versions } = (await stage.call('GET', `/plans/${plan}`)) as { versions: unknown[] }
  return versions[0]
}

/** Picks from a list that opens below its field. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

test('a day without its time is pointed at, and not taken for none', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/subscriptions/new'))
  await page.getByText('More', { exact: true }).click()
  const starts = page.getByLabel('Starts')
  await starts.focus()
  await page.keyboard.type('03012026')
  await page.getByRole('button', { name: 'Put on the plan' }).click()
  expect(await starts.evaluate((field: HTMLInputElement) => field.validity.badInput)).toBe(true)
  await page.waitForTimeout(500)
  expect(await page.getByText('Which plan?').count()).toBe(0) // nothing was sent, or looked at
  await starts.fill('2026-03-01T00:00')
  await page.getByRole('button', { name: 'Put on the plan' }).click()
  await page.getByText('Which plan?').waitFor()
  await page.context().close()
})

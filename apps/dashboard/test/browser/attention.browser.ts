import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, SCHEMES, type Stage, seriousProblems, settled, WIDTHS } from './browser.ts'

let stage: Stage
let parked: string

beforeAll(async () => {
  stage = await openStage()
  const { data } = (await stage.call('GET', '/subscriptions?customerId=hooli')) as {
    data: { id: string }[]
  }
  parked = data[0]?.id ?? ''
  await stage.query(
    "update subscriptions set parked_at = now(), parked_reason = 'API_CALL: sum 12001, recounted 12000' where id = $1",
    [parked],
  )
  await stage.query(
    // not a failing one: a delivery that is on its way would heal it
    "update webhook_endpoints set status = 'disabled', disabled_reason = 'gone' where url like $1",
    ['%/webhooks'],
  )
})
afterAll(() => stage.close())

test('what needs somebody leads to exactly that', async () => {
  const { page, complaints } = await stage.open()
  const points: readonly (readonly [link: RegExp, to: RegExp, button: string])[] = [
    [/^\d+ invoices?$/, /invoices\?overdue=true$/, 'Overdue: yes'],
    [/^1 subscription$/, /subscriptions\?parked=true$/, 'Billing: stopped'],
    [/\/webhooks$/, /webhooks\/we_/, 'Send a test'],
  ]
  for (const [link, to, button] of points) {
    await page.goto(stage.place(''))
    const way = page.getByRole('main').getByRole('link', { name: link }).first()
    const [, count] = /^(\d+)/.exec((await way.textContent()) ?? '') ?? []
    await way.click()
    await page.waitForURL(to)
    await page.getByRole('button', { name: button }).first().waitFor()
    if (count) await expect.poll(() => page.locator('tbody tr').count()).toBe(Number(count))
  }
  await page.goto(stage.place('/invoices?overdue=true'))
  await page.getByRole('button', { name: 'Overdue: yes' }).waitFor()
  expect(await seriousProblems(page)).toEqual([])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a subscription says why its billing was stopped, in every look, and why a role may not go on', async () => {
  const viewer = await stage.join('VIEWER')
  for (const width of WIDTHS)
    for (const scheme of SCHEMES) {
      const { page, complaints } = await stage.openAs(viewer, { width, scheme })
      await page.goto(stage.place(`/subscriptions/${parked}`))
      await page.getByText('API_CALL: sum 12001, recounted 12000').waitFor()
      await settled(page)
      const button = page.getByRole('button', { name: 'Let billing go on' })
      expect(await button.getAttribute('aria-disabled')).toBe('true')
      expect(await seriousProblems(page)).toEqual([])
      expect(complaints).toEqual([])
      await page.context().close()
    }
})

test('billing goes on when somebody says so', async () => {
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/subscriptions?parked=true'))
  await page.getByRole('link', { name: 'hooli' }).click()
  await page.getByRole('button', { name: 'Let billing go on' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Let it go on' }).click()
  await page.getByText('Its billing was stopped').waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await page
    .getByRole('table', { name: 'Timeline' })
    .getByText(/goes on/)
    .waitFor()
  await page.goto(stage.place('/subscriptions?parked=true'))
  await page.getByText('Nothing is as the filters say.').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

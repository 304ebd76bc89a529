import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage, seriousProblems, settled } from './browser.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

async function exported(page: Page): Promise<string[]> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ])
  return readFileSync(await file.path(), 'utf8')
    .split('\r\n')
    .slice(0, -1)
}

test('an export has all rows that the filters leave: by the server where it writes the list, else page by page', async () => {
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/customers?search=a'))
  await page.getByRole('table').waitFor()
  await settled(page)
  const shown = await page.locator('tbody tr').count()
  const customers = await exported(page)
  expect(customers.join()).toContain('acme')
  expect(customers).toHaveLength(1 + shown)

  await page.goto(stage.place('/invoices?status=paid'))
  await page.getByRole('table').waitFor()
  await settled(page)
  const invoices = await exported(page)
  expect(invoices[0]).toMatch(/^number,invoiceId,kind,status,/)
  expect(invoices).toHaveLength(1 + (await page.locator('tbody tr').count()))
  for (const row of invoices.slice(1)) expect(row).toContain(',paid,')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('an export says how far it is, and is stopped without a file', async () => {
  const { page } = await stage.open({ width: 390, scheme: 'dark' })
  await page.goto(stage.place('/customers'))
  await settled(page)
  await page.route(/api\/v1\/customers\?.*limit=200/, () => {}) // never answered
  page.on('download', () => expect.unreachable('half an export was saved'))
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('status').getByText('0 rows').waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Stop the export' }).click()
  await page.getByText('The export was stopped, and nothing was saved.').waitFor()
  await page.getByRole('button', { name: 'Export' }).waitFor()
  await page.context().close()
})

test('payments and credit notes of all customers are listed, narrowed down, and lead to their invoice', async () => {
  const { data } = (await stage.call('GET', '/invoices?status=paid&limit=1')) as {
    data: { id: string; number: string }[]
  }
  const [invoice] = data
  await stage.call('POST', `/invoices/${invoice?.id}/credit-notes`, {
    ...{ amount: '1', settlement: 'credit', reason: 'Down for an hour' },
  })
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/payments?status=succeeded'))
  await page.getByRole('table').waitFor()
  await settled(page)
  await page.getByRole('button', { name: 'Status: succeeded' }).waitFor()
  const payments = await exported(page)
  expect(payments).toHaveLength(1 + (await page.locator('tbody tr').count()))
  await page
    .getByRole('link', { name: invoice?.number ?? '', exact: true })
    .first()
    .click()
  await page.waitForURL(new RegExp(`invoices/${invoice?.id}$`))

  await page.goto(stage.place('/credit-notes?settlement=refund'))
  await page.getByText('Nothing is as the filters say.').waitFor()
  await page.goto(stage.place('/credit-notes'))
  await page.getByRole('cell', { name: 'Down for an hour' }).waitFor()
  await page.getByRole('cell', { name: invoice?.number ?? '', exact: true }).waitFor()
  await page.getByRole('link', { name: 'CN-000001' }).click()
  await page.waitForURL(new RegExp(`invoices/${invoice?.id}$`))
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a slash searches the list that is looked at; the palette finds invoices by number and subscriptions', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/invoices'))
  await settled(page)
  await page.keyboard.press('/')
  await page.getByRole('textbox', { name: 'Number' }).fill('INV-000001')
  await page.keyboard.press('Enter')
  await page.waitForURL(/number=INV-000001/)
  await page.getByRole('link', { name: 'INV-000001', exact: true }).waitFor()
  await expect.poll(() => page.locator('tbody tr').count()).toBe(1) // those before stay until it comes

  await page.keyboard.press('Control+k')
  const search = page.getByRole('textbox', { name: 'Search' })
  await search.fill('inv-000002')
  await page.getByText(/^invoice inv_/).click()
  await page.waitForURL(/invoices\/inv_/)
  await page.locator('header').getByText('INV-000002').waitFor()

  await page.keyboard.press('Control+k')
  await search.fill('robotics')
  await page.getByText('Acme Robotics on pro').click()
  await page.waitForURL(/subscriptions\/sub_/)
  await page.getByRole('heading', { name: 'Acme Robotics on pro' }).waitFor()
  await page.context().close()
})

test('a meter is edited, and a dialog is not closed over what was typed', async () => {
  const { page, complaints } = await stage.open({ width: 390, scheme: 'dark' })
  await page.goto(stage.place('/meters/STORAGE_GB'))
  await page.getByRole('button', { name: 'Edit' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit Storage' })
  await dialog.getByLabel('Name').fill('Storage on disk')
  await page.keyboard.press('Escape')
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await question.waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await question.getByRole('button', { name: 'Keep it as it is' }).click()
  expect(await dialog.getByLabel('Name').inputValue()).toBe('Storage on disk')
  await dialog.getByLabel('Unit').fill('GiB')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Storage on disk' }).waitFor()
  await page.getByText('GiB').first().waitFor()

  await page.getByRole('button', { name: 'Edit' }).click()
  const again = page.getByRole('dialog', { name: 'Edit Storage on disk' })
  await again.getByRole('combobox', { name: 'Late usage' }).click()
  await page.getByRole('option', { name: 'is not billed' }).click()
  await again.getByRole('button', { name: 'Close' }).click()
  await question.getByRole('button', { name: 'Leave' }).click()
  await again.waitFor({ state: 'hidden' })
  await page.getByText('is billed with the next invoice').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('lists call customers by their names, which are asked for once a page, and forms find them by a part', async () => {
  await stage.call('PATCH', '/customers/acme', { name: 'Acme Works' })
  const { page, complaints } = await stage.open()
  let asked = 0
  page.on('request', (request) => {
    if (request.url().includes('/api/v1/customers?customerId=')) asked++
  })
  await page.goto(stage.place('/invoices'))
  await page.getByRole('cell', { name: 'Acme Works' }).first().waitFor()
  await settled(page)
  expect(asked).toBe(1)
  await page.goto(stage.place('/subscriptions/new'))
  await page.getByRole('combobox', { name: 'Customer' }).fill('works')
  await page.getByRole('option', { name: /Acme Works/ }).click()
  expect(await page.getByRole('combobox', { name: 'Customer' }).inputValue()).toBe('acme')
  expect(await seriousProblems(page)).toEqual([])
  await page.goto(stage.place('/customers/acme?tab=details'))
  await page.getByRole('combobox', { name: 'Parent' }).fill('acme')
  await page.getByRole('button', { name: 'Save' }).click()
  await page
    .getByText(/stands beneath/)
    .first()
    .waitFor()
  expect(complaints.filter((text) => !text.includes('422') && !text.includes('409'))).toEqual([])
  await page.context().close()
})

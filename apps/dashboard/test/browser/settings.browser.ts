import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, SCHEMES, type Stage, seriousProblems, settled, WIDTHS } from './browser.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test('a pattern shows the next number while it is typed, and why it cannot be one', async () => {
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/settings?tab=documents'))
  await page.getByText(/^The next one: INV-0000\d\d$/).waitFor()
  await page.getByText('The next one: CN-000001').waitFor()
  const invoices = page.getByLabel('Invoice numbers')
  await invoices.fill('CLOUD-{year}-{number:3}')
  await page.getByText(/^The next one: CLOUD-2026-0\d\d$/).waitFor()
  await invoices.fill('CLOUD-{year}')
  await page.getByText('It must have {number} in it exactly once').waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await invoices.fill('CLOUD-{number:4}')
  await page.getByText(/^The next one: CLOUD-00\d\d$/).waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  expect(await stage.call('GET', '/settings/billing')).toMatchObject({
    numberPattern: 'CLOUD-{number:4}',
  })
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a logo is chosen, shown and removed; what cannot be one says why', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/settings?tab=documents'))
  const choose = (name: string, mimeType: string, buffer: Buffer) =>
    page.getByLabel('Image of the logo').setInputFiles({ name, mimeType, buffer })
  await choose('logo.svg', 'image/svg+xml', Buffer.from('<svg/>'))
  await page.getByText('logo.svg is neither a PNG nor a JPEG').waitFor()
  await choose('large.png', 'image/png', Buffer.alloc(300 * 1024))
  await page.getByText('large.png has 300 KB').waitFor()
  await choose('broken.png', 'image/png', PNG.subarray(0, -5))
  await page.getByText('The logo cannot be used: it is broken, or was cut off.').waitFor()
  await choose('logo.png', 'image/png', PNG)
  await page.getByRole('img', { name: 'Your logo' }).waitFor()
  expect(await page.getByText('cannot be used').count()).toBe(0)
  await page.reload()
  await page.getByRole('img', { name: 'Your logo' }).waitFor()
  for (const width of WIDTHS)
    for (const scheme of SCHEMES) {
      const other = await stage.open({ width, scheme })
      await other.page.goto(stage.place('/settings?tab=documents'))
      await settled(other.page)
      expect(await seriousProblems(other.page), `${width} ${scheme}`).toEqual([])
      expect(other.complaints).toEqual([])
      await other.page.context().close()
    }
  await page.getByRole('button', { name: 'Remove the logo' }).click()
  await page.getByRole('img', { name: 'Your logo' }).waitFor({ state: 'detached' })
  await page.context().close()
})

test('a role that may not change the logo sees why', async () => {
  const { page } = await stage.openAs(await stage.join('VIEWER'))
  await page.goto(stage.place('/settings?tab=documents'))
  const choose = page.getByRole('button', { name: 'Choose an image…' })
  await choose.waitFor()
  expect(await choose.getAttribute('aria-disabled')).toBe('true')
  await page.getByText('The next one: CN-000001').waitFor()
  await page.context().close()
})

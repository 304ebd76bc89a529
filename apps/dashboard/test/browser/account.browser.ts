import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmptyStage, openEmptyStage, SCHEMES, seriousProblems, WIDTHS } from './browser.ts'

const EMAIL = 'grace@cloudai.example'
const PASSWORD = 'a long row of quiet words'

let stage: EmptyStage

beforeAll(async () => {
  stage = await openEmptyStage()
})

afterAll(() => stage.close())

test('the first account is made with the token of the first start, and is in at once', async () => {
  const { page } = await stage.openAsStranger()
  await page.goto(stage.url)
  await page.getByRole('link', { name: 'Make an account' }).click()
  await page.getByLabel('Token of the first start').fill('not the token')
  await page.getByLabel('Name').fill('Grace')
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByLabel('E-mail').inputValue()).toBe(EMAIL)

  await page.getByLabel('Token of the first start').fill(await stage.firstOwnerToken())
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('heading', { name: 'Your organization' }).waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await page.context().close()
})

test('who signs in goes where they were on the way to, and nowhere else', async () => {
  const { page } = await stage.openAsStranger()
  await page.goto(`${stage.url}/new-organization`)
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByRole('textbox', { name: 'Password' }).fill('another password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('alert').waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(/\/new-organization$/)
  await page.context().close()

  const { page: lured } = await stage.openAsStranger()
  await lured.goto(`${stage.url}/sign-in?next=//elsewhere.example/`)
  await lured.getByLabel('E-mail').fill(EMAIL)
  await lured.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await lured.getByRole('button', { name: 'Sign in', exact: true }).click()
  await lured.getByRole('heading', { name: 'Your organization' }).waitFor()
  expect(new URL(lured.url()).origin).toBe(stage.url)
  await lured.context().close()
})

test('whether an address has an account is not told to who forgot a password', async () => {
  const { page } = await stage.openAsStranger()
  await page.goto(`${stage.url}/forgot-password`)
  await page.getByLabel('E-mail').fill('nobody@cloudai.example')
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await page.context().close()
})

test('what no mail server sends stands in the outbox, one click away, and can be followed from there', async () => {
  const { page } = await stage.openAsStranger()
  await page.goto(`${stage.url}/forgot-password`)
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByRole('link', { name: 'outbox' }).click()
  await page.waitForURL(/\/outbox$/)
  const message = page.getByRole('article').filter({ hasText: EMAIL }).first()
  await message.getByRole('link').waitFor()
  for (const width of WIDTHS)
    for (const scheme of SCHEMES) {
      const other = await stage.openAsStranger({ width, scheme })
      await other.page.goto(`${stage.url}/outbox`)
      await other.page.getByRole('article').first().waitFor()
      expect(await seriousProblems(other.page), `${width} ${scheme}`).toEqual([])
      const isTooWide = await other.page.evaluate(
        () => document.documentElement.scrollWidth > window.innerWidth,
      )
      expect(isTooWide).toBe(false)
      expect(other.complaints).toEqual([])
      await other.page.context().close()
    }
  await message.getByRole('link').first().click()
  await page
    .getByRole('textbox', { name: /password/i })
    .first()
    .waitFor()
  await page.context().close()
})

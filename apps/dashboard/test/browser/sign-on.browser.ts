import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIssuer, type TestIssuer } from '../../../server/test/accounts/issuer.ts'
import { openStage, SCHEMES, type Stage, seriousProblems, settled, WIDTHS } from './browser.ts'
import { PASSWORD } from './people.ts'

let stage: Stage
let issuer: TestIssuer

beforeAll(async () => {
  stage = await openStage()
  issuer = await startIssuer(`${stage.url}/sign-on/${stage.organizationId}`)
})

afterAll(async () => {
  await stage.close()
  await issuer.close()
})

/** Its first answer says that no domain is allowed yet, and how one is. */
async function setUpByClicks(page: Page): Promise<void> {
  await page.goto(stage.place('/settings?tab=sign-on'))
  await page.getByLabel('To allow a domain', { exact: true }).waitFor()
  await stage.run('sign-on', 'allow-domain', stage.organizationId, 'cloudai.example', '--json')
  await page.reload()
  await page.getByText('The issuer speaks for addresses of').waitFor()
  await page.getByLabel('Issuer').fill('http://127.0.0.1:10999')
  await page.getByLabel('Client id').fill(issuer.client.clientId)
  await page.getByRole('textbox', { name: 'Client secret' }).fill(issuer.client.clientSecret)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('Nothing answers at http://127.0.0.1:10999').waitFor()
  await page.getByLabel('Issuer').fill(issuer.url)
  await page
    .getByRole('switch', { name: 'Members of these domains can sign in no other way' })
    .click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByLabel('Where members sign on', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Ask the issuer' }).click()
  await page.getByText(`${issuer.url} answers`).waitFor()
}

test('an OWNER sets sign-on up, members come in by it, and by no password', async () => {
  const member = await stage.join('DEVELOPER')
  const { page: owner, complaints } = await stage.open()
  await setUpByClicks(owner)

  issuer.person = {
    ...{ subject: 'grace', email: 'grace@cloudai.example', email_verified: true },
    name: 'Grace Hopper',
  }
  const { page } = await stage.openAsStranger()
  await page.goto(stage.place('/team'))
  await page.getByRole('button', { name: 'Sign in through your organization' }).click()
  await page.getByLabel('E-mail').fill('grace@cloudai.example')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('row').filter({ hasText: 'Grace Hopper' }).getByText('DEVELOPER').waitFor()
  expect(page.url()).toBe(stage.place('/team')) // where they were on the way to
  await page.context().close()

  issuer.person = { subject: 'dev', email: member.email, email_verified: true }
  const { page: bound } = await stage.openAsStranger()
  await bound.goto(`${stage.url}/sign-in`)
  await bound.getByLabel('E-mail').fill(member.email)
  await bound.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await bound.getByRole('button', { name: 'Sign in', exact: true }).click()
  await bound.getByRole('alert').getByText('through its own sign-on only').waitFor()
  expect(await seriousProblems(bound)).toEqual([])
  await bound.getByRole('button', { name: 'Go to the sign-on of your organization' }).click()
  await bound.getByText('How CloudAI is doing').waitFor()
  await bound.goto(stage.place('/settings?tab=sign-on'))
  await bound.getByText('Your role DEVELOPER may not do this').first().waitFor()
  expect(await bound.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  await bound.context().close()

  issuer.person = { subject: 'eve', email: 'eve@evil.example', email_verified: true }
  const { page: foreign } = await stage.openAsStranger()
  await foreign.goto(`${stage.url}/sign-in?organization=${stage.organizationId}`)
  await foreign.getByRole('button', { name: 'Go on' }).click()
  await foreign.getByRole('heading', { name: 'You are not signed in' }).waitFor()
  await foreign.getByText('does not speak for addresses of evil.example').waitFor()
  expect(await seriousProblems(foreign)).toEqual([])
  await foreign.context().close()

  await owner.getByRole('button', { name: 'Remove' }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await owner.getByLabel('Where members sign on', { exact: true }).waitFor({ state: 'detached' })
  expect(complaints.filter((one) => !one.includes('422'))).toEqual([])
  await owner.context().close()
})

test.each(SCHEMES.flatMap((scheme) => WIDTHS.map((width) => [scheme, width] as const)))(
  'its pages can be read in %s at %i',
  async (scheme, width) => {
    const { page } = await stage.open({ scheme, width })
    const back = `${stage.url}/sign-on`
    const places = [stage.place('/settings?tab=sign-on'), back, `${back}/org_x?error=none`]
    for (const place of places) {
      await page.goto(place)
      await settled(page)
      const name = `${new URL(place).pathname.split('/').at(-1)}-${scheme}-${width}`
      if (process.env.USAGEFLOW_LOOK)
        await page.screenshot({ path: `${process.env.USAGEFLOW_LOOK}/${name}.png`, fullPage: true })
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      )
      expect(overflow, place).toBeLessThanOrEqual(0)
      expect(await seriousProblems(page), place).toEqual([])
    }
    await page.context().close()
  },
)

import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStage, type Stage, seriousProblems, settled } from './browser.ts'
import { linkSentTo, PASSWORD, type SignedIn } from './people.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})

afterAll(() => stage.close())

describe('what a role may not do is there and says why', () => {
  const MAY: readonly (readonly [path: string, button: string, roles: readonly string[]])[] = [
    ['/meters', 'New meter', ['ADMIN', 'DEVELOPER']],
    ['/plans', 'New plan', ['ADMIN', 'DEVELOPER']],
    ['/customers', 'New customer', ['ADMIN', 'DEVELOPER']],
    ['/webhooks', 'New endpoint', ['ADMIN', 'DEVELOPER']],
    ['/keys', 'New key', ['ADMIN', 'DEVELOPER']],
    ['/subscriptions', 'New subscription', ['ADMIN']],
    ['/customers/acme?tab=credits', 'Grant credits', ['ADMIN']],
    ['/team', 'Invite', ['ADMIN']],
    ['/team', 'Hand over', []],
  ]

  test.each(['ADMIN', 'DEVELOPER', 'VIEWER'])('%s', async (role) => {
    const { page } = await stage.openAs(await stage.join(role))
    for (const [path, name, roles] of MAY) {
      await page.goto(stage.place(path))
      await settled(page)
      const way = page.getByRole('link', { name, exact: true })
      const button = page.getByRole('button', { name, exact: true }).or(way).first()
      const isRefused = (await button.getAttribute('aria-disabled')) === 'true'
      expect(isRefused, `${role}: ${name}`).toBe(!roles.includes(role))
      if (!isRefused) continue
      await button.hover()
      await page.getByRole('tooltip').getByText(`Your role ${role} may not`).waitFor()
      expect(await seriousProblems(page)).toEqual([])
    }
    await page.goto(stage.place('/audit'))
    await settled(page)
    const forbidden = await page.getByText('Your role may not see this').count()
    expect(forbidden).toBe(role === 'ADMIN' ? 0 : 1)
    await page.context().close()
  })
})

test('an invitation is accepted in a second browser, by nobody but whom it is for, and once', async () => {
  const email = 'lin@cloudai.example'
  const link = await inviteByClicks(email)
  const { page: other } = await stage.open()
  await other.goto(link)
  await other.getByRole('heading', { name: 'This invitation is for somebody else' }).waitFor()
  await other.context().close()

  const { page } = await stage.openAsStranger()
  await page.goto(link)
  await page.getByRole('heading', { name: 'Join CloudAI' }).waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('link', { name: 'Make an account' }).click()
  await page.getByLabel('Name').fill('Lin')
  expect(await page.getByLabel('E-mail').inputValue()).toBe(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  await page.goto(await linkSentTo(stage.url, email))
  await page.getByRole('link', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByText('How CloudAI is doing').waitFor()

  await page.goto(link)
  await page.getByRole('heading', { name: 'This invitation does not work' }).waitFor()
  await page.goto(stage.place('/team'))
  await page.getByRole('row').filter({ hasText: 'Lin' }).getByText('DEVELOPER').waitFor()
  await page.context().close()
})

test('the link that proves an address takes the password in a browser that did not make the account', async () => {
  const email = 'kim@cloudai.example'
  const { page } = await stage.openAsStranger()
  await page.goto(await inviteByClicks(email))
  await page.getByRole('link', { name: 'Make an account' }).click()
  await page.getByLabel('Name').fill('Kim')
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  await page.context().close()

  const { page: other } = await stage.openAsStranger()
  await other.goto(await linkSentTo(stage.url, email))
  await other.getByRole('heading', { name: 'Confirm your address' }).waitFor()
  expect(await seriousProblems(other)).toEqual([])
  await other.getByRole('textbox', { name: 'Password' }).fill('not the password')
  await other.getByRole('button', { name: 'Confirm' }).click()
  await other.getByRole('alert').waitFor()
  await other.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await other.getByRole('button', { name: 'Confirm' }).click()
  await other.getByRole('heading', { name: 'Your organization' }).waitFor()
  await other.context().close()
})

async function inviteByClicks(email: string): Promise<string> {
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/team'))
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click()
  const shown = page.getByLabel('Link of the invitation', { exact: true })
  const first = (await shown.textContent()) ?? ''
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: `Send the invitation of ${email} again` }).click()
  const second = (await shown.textContent()) ?? ''
  expect(second).not.toBe(first)
  await page.getByRole('button', { name: 'Done' }).click()
  await page.goto(first)
  await page.getByRole('heading', { name: 'This invitation does not work' }).waitFor()
  expect(complaints.filter((one) => !one.includes('403'))).toEqual([])
  await page.context().close()
  return second
}

test('a member changes role by clicks, and the only owner cannot leave', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/team'))
  await page.getByRole('button', { name: 'Leave', exact: true }).hover()
  await page.getByRole('tooltip').getByText('This is the only OWNER').waitFor()
  await page.getByRole('button', { name: 'Change the role of viewer' }).click()
  await page.getByRole('radio', { name: 'DEVELOPER' }).check()
  await page.getByRole('button', { name: 'Change the role', exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('row').filter({ hasText: 'viewer@' }).getByText('DEVELOPER').waitFor()
  await page.getByRole('button', { name: 'Remove viewer' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('cell', { name: 'viewer@' }).waitFor({ state: 'detached' })
  await page.context().close()
})

test('a key is rotated and revoked, and the log says who did it', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/keys?state=active'))
  await page.getByRole('button', { name: 'New key' }).first().click()
  await page.getByLabel('Name').fill('Worker')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByRole('button', { name: 'Rotate Worker' }).click()
  await page.getByRole('button', { name: 'Make the new key' }).click()
  const key = (await page.getByLabel('API key', { exact: true }).textContent()) ?? ''
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByRole('button', { name: 'Revoke Worker' }).click()
  await page.getByLabel(/^Type/).fill(key.slice(-4))
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  const headers = { 'x-usageflow-api-key': key }
  expect((await fetch(`${stage.url}/api/v1/meters`, { headers })).status).toBe(401)
  await page.goto(stage.place('/audit?action=keys'))
  await page.getByRole('button', { name: 'Rotated key' }).first().click()
  await page.getByText('graceHours').waitFor()
  expect(await page.content()).not.toContain(key)
  await page.context().close()
})

test('a second factor is set up, asked for, and stood in for by a recovery code', async () => {
  const member: SignedIn = await stage.join('OWNER')
  const { page, complaints } = await stage.openAs(member)
  await page.goto(`${stage.url}/account`)
  await page.getByRole('button', { name: 'Set it up' }).click()
  await page.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Go on' }).click()
  const secret = (await page.getByLabel('Secret', { exact: true }).textContent()) ?? ''
  await page.getByRole('img', { name: /QR code/ }).waitFor()
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret))
  await page.getByRole('button', { name: 'Switch it on' }).click()
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  const recovery = (await codes.first().textContent()) ?? ''
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('Signing in takes your password and a code').waitFor()
  expect(complaints).toEqual([])

  await signOutAndIn(page, member.email)
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret))
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('How CloudAI is doing').waitFor()

  await signOutAndIn(page, member.email)
  await page.getByRole('button', { name: 'Use a backup code' }).click()
  await page.getByLabel('Backup code').fill(recovery)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('How CloudAI is doing').waitFor()

  await page.goto(`${stage.url}/account`)
  await page.getByRole('button', { name: 'Switch it off' }).click()
  await page.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD)
  await page.getByRole('dialog').getByRole('button', { name: 'Switch it off' }).click()
  await page.getByText('A stolen password alone').waitFor()
  await page.context().close()
})

async function signOutAndIn(page: Page, email: string): Promise<void> {
  await page.goto(`${stage.url}/account`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Second factor' }).waitFor()
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const STEP_MS = 30_000

/** What an authenticator shows now for the secret (RFC 6238). */
function codeOf(secret: string): string {
  const bits = [...secret].map((one) => BASE32.indexOf(one).toString(2).padStart(5, '0')).join('')
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS)))
  const mac = createHmac('sha1', bytes).update(counter).digest()
  const at = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

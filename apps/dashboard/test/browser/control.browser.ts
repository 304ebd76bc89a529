import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage, seriousProblems } from './browser.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
  await report({ statistics: [traffic('GET', '/users/:id', 996), traffic('POST', '/chat', 4)] })
})
afterAll(() => stage.close())

let sequence = 0

/** What a service tells of the minute that is under way. */
function report(more: object): Promise<unknown> {
  sequence += 1
  const reporter = { application: 'shop', producer: 'one', agent: 'test/1', sequence }
  return stage.call('POST', '/control/reports', { ...reporter, ...more })
}

function traffic(method: string, route: string, requests: number) {
  const minute = new Date().toISOString()
  const figures = { requests, statuses: { 200: requests }, latency: { 160: requests } }
  return { minute, method, route, customerId: 'acme', ...figures }
}

test('from a strategy by a policy in shadow, whose results are seen, to one that holds', async () => {
  const { page, complaints } = await stage.open()
  await makeStrategy(page)
  await writePolicy(page)
  const policy = (await stage.call('GET', '/control/policies/all-of-it')) as { id: string }
  expect(policy).toMatchObject({
    ...{ method: '*', url: '*', mode: 'shadow', strategyId: expect.stringMatching(/^str_/) },
    limits: [{ name: 'hourly', limit: 1000, window: '1h', per: 'identity' }],
    metering: [{ event: 'API_CALL', quantity: 'usage_record.quantity * 2', when: ['2xx', '3xx'] }],
  })

  const identity = { kind: 'customer', id: 'acme' }
  const decision = { policyId: policy.id, limit: 'hourly', mode: 'shadow', identity, refused: 3 }
  await report({ decisions: [{ ...decision, minute: new Date().toISOString() }] })
  await page.reload()
  await page.getByText('0.3% of requests').waitFor()
  await page
    .getByRole('table', { name: 'Whom it refused, or would have' })
    .getByText('Acme Robotics')
    .waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Enforce' }).click()
  const question = page.getByRole('dialog', { name: 'Enforce it?' })
  await question.getByText('3 of 1,000 requests (0.3%)').waitFor()
  await question.getByText('acme').waitFor()
  await question.getByRole('button', { name: 'Enforce it' }).click()
  await question.waitFor({ state: 'detached' })
  expect(await stage.call('GET', '/control/policies/all-of-it')).toMatchObject({ mode: 'enforce' })

  await page.goto(stage.place('/policies'))
  await page.getByRole('cell', { name: '3 (0.3%)' }).waitFor()
  await page.goto(stage.place('/strategies'))
  const archive = page.getByRole('button', { name: 'Archive' })
  await page.getByRole('link', { name: 'All of it' }).waitFor()
  await expect.poll(() => archive.getAttribute('aria-disabled')).toBe('true')
  expect(complaints.filter((text) => !text.includes('422'))).toEqual([])
  await page.context().close()
})

test('what was changed meanwhile stays, and another policy that comes first is told', async () => {
  await stage.call('POST', '/control/policies', {
    ...{ key: 'chat', name: 'Chat', method: 'POST', url: '/chat', priority: 5 },
  })
  const { page } = await stage.open({ width: 390, scheme: 'dark' })
  await page.goto(stage.place('/policies/chat/change'))
  await page.getByLabel('Path').fill('*')
  await page.getByRole('row', { name: /chat/ }).getByText('this one, instead of').waitFor()
  await page
    .getByRole('spinbutton', { name: 'Priority' })
    .or(page.getByLabel('Priority'))
    .fill('-1')
  await page.getByText('comes first').first().waitFor()
  await stage.call('PATCH', '/control/policies/chat', { name: 'Chat of all', deadlineMs: 70 })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.waitForURL(/policies\/chat$/)
  expect(await stage.call('GET', '/control/policies/chat')).toMatchObject({
    ...{ name: 'Chat of all', deadlineMs: 70, url: '*', priority: -1 },
  })
  await page.getByRole('heading', { name: 'Chat of all' }).waitFor()
  await page.getByRole('link', { name: 'Change', exact: true }).click()
  await page.getByLabel('Path').fill('/chat')
  await page.goBack()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
  await page.context().close()
})

test('a customer is blocked, seen so on its page, and let through again', async () => {
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/blocks'))
  await page.getByRole('button', { name: 'New block' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New block' })
  await dialog.getByText('A network', { exact: true }).click()
  await dialog.getByLabel('Address').fill('example.com')
  await dialog.getByRole('button', { name: 'Block', exact: true }).click()
  await dialog.getByText('It is no network').waitFor()
  await dialog.getByText('A customer', { exact: true }).click()
  await dialog.getByRole('combobox', { name: 'Customer' }).fill('globex')
  await page.getByRole('option', { name: /Globex/ }).click()
  await dialog.getByLabel('Reason').fill('<b>Stolen cards</b>')
  await dialog.getByLabel('Until').fill('2020-01-01T00:00')
  await dialog.getByRole('button', { name: 'Block', exact: true }).click()
  await dialog.getByText('It is over already.').waitFor()
  await dialog.getByLabel('Until').fill('2999-01-01T00:00')
  expect(await seriousProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Block', exact: true }).click()
  await page.getByRole('cell', { name: '<b>Stolen cards</b>' }).waitFor()
  expect(await seriousProblems(page)).toEqual([])
  expect(await stage.call('GET', '/control/blocks?kind=customer&id=globex')).toMatchObject({
    data: [{ until: '2999-01-01T00:00:00.000Z', actor: { kind: 'user' } }],
  })

  await page.getByRole('link', { name: 'Globex' }).click()
  await page.getByText('Blocked: none of its requests is let through').waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Lift the block of globex' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Lift it' }).click()
  await page.getByText('Blocked: none of its requests').waitFor({ state: 'detached' })
  expect(await stage.call('GET', '/control/blocks')).toMatchObject({ data: [] })
  expect(complaints.filter((text) => !text.includes('422'))).toEqual([])
  await page.context().close()
})

test('who may not say what holds sees why', async () => {
  const { page } = await stage.openAs(await stage.join('VIEWER'))
  for (const [path, name] of [
    ['/policies', 'New policy'],
    ['/strategies', 'New strategy'],
    ['/blocks', 'New block'],
  ] as const) {
    await page.goto(stage.place(path))
    const button = page.getByRole('button', { name }).or(page.getByRole('link', { name })).first()
    await button.waitFor()
    expect(await button.getAttribute('aria-disabled')).toBe('true')
  }
  await page.context().close()
})

/** With what is refused at its fields first. */
test('a limit by balance asks for its meter, and is told in words', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/policies/new'))
  await page.getByLabel('Name', { exact: true }).fill('Prepaid')
  await page.getByLabel('Path').fill('/prepaid/*')
  await page.getByRole('button', { name: 'Add a limit' }).click()
  await choose(page, 'Counted by', 'Balance of a meter')
  await page.getByRole('button', { name: 'Make the policy' }).click()
  const limit = page.getByRole('group', { name: 'Limit 1' })
  await limit.getByText('Of which meter?').waitFor()
  await choose(page, 'Meter', 'API calls')
  await limit.getByLabel('Units a request').fill('5')
  await choose(page, 'Beyond credits', 'They are refused')
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Make the policy' }).click()
  await page.waitForURL(/policies\/prepaid$/)
  await page.getByText('5 of the balance of API_CALL a request, credits alone').waitFor()
  const { limits } = (await stage.call('GET', '/control/policies/prepaid')) as { limits: object[] }
  const balance = { algorithm: 'balance', meter: 'API_CALL', unitsPerRequest: 5, planPays: false }
  expect(limits).toEqual([{ name: 'hourly', per: 'identity', ...balance }])
})

async function makeStrategy(page: Page): Promise<void> {
  await page.goto(stage.place('/strategies'))
  await page.getByRole('button', { name: 'New strategy' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New strategy' })
  await dialog.getByLabel('Name', { exact: true }).fill('By user')
  await dialog.getByLabel('Name at place 1').fill('x user')
  await dialog.getByRole('button', { name: 'Make the strategy' }).click()
  await dialog.getByText('"x user" names no header').waitFor() // at its field, in the server's words
  await dialog.getByLabel('Name at place 1').fill('X-User-Id')
  await dialog.getByRole('button', { name: 'Add a place' }).click()
  await choose(page, 'Place 2', 'Claim of a token')
  await dialog.getByLabel('Name at place 2').fill('sub')
  expect(await seriousProblems(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Make the strategy' }).click()
  await page.getByText('header x-user-id, then claim sub').waitFor()
}

/** The same of a policy for everything; two clicks make one. */
async function writePolicy(page: Page): Promise<void> {
  await page.goto(stage.place('/policies/new'))
  await page.getByLabel('Name', { exact: true }).fill('All of it')
  await page.getByLabel('Path').fill('users')
  await page.getByText('"users" is no route pattern').waitFor()
  await page.getByLabel('Path').fill('/users/*')
  const covered = page.getByRole('table', { name: 'Endpoints that it covers' })
  await covered.getByText('/users/:id').waitFor()
  expect(await covered.getByText('/chat').count()).toBe(0)
  await page.getByLabel('Path').fill('*')
  await covered.getByText('/chat').waitFor()
  await choose(page, 'Strategy', 'By user')
  await page.getByRole('button', { name: 'Add a limit' }).click()
  await page.getByRole('group', { name: 'Limit 1' }).getByLabel('In').fill('1 hour')
  await page.getByRole('button', { name: 'Meter something' }).click()
  const rule = page.getByRole('group', { name: 'Rule 1' })
  await rule.getByLabel('Event').fill('API_CALL')
  await page.keyboard.press('Escape')
  await rule.getByText('Read by API calls.').waitFor()
  await rule.getByLabel('How much a request is').fill('response.header.x')
  await page.getByRole('button', { name: 'Make the policy' }).click()
  await page.getByRole('group', { name: 'Limit 1' }).getByText('is no duration').waitFor()
  await page.getByRole('group', { name: 'Limit 1' }).getByLabel('In').fill('1h')
  await page.getByRole('button', { name: 'Make the policy' }).click()
  await rule.getByText('response has no header').waitFor()
  await rule.getByLabel('How much a request is').fill('usage_record.quantity * 2')
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Make the policy' }).dblclick()
  await page.waitForURL(/policies\/all-of-it$/)
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}

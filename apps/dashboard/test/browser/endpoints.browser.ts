import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage, seriousProblems, settled } from './browser.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
  const minute = new Date().toISOString()
  const chat = { method: 'POST', route: '/v1/chat' }
  await stage.call('POST', '/control/reports', {
    ...{
      application: 'gateway',
      producer: 'process-1',
      sequence: 1,
      agent: 'express/0.1.0 node/22',
    },
    routes: [chat, { method: 'GET', route: '/v1/idle' }],
    statistics: [
      {
        ...{ ...chat, minute, customerId: 'acme', requests: 1_200 },
        ...{ statuses: { 200: 1_188, 503: 12 }, latency: { 368: 1_200 } },
      },
      {
        ...{ ...chat, minute, customerId: null, requests: 34, unmetered: 34 },
        ...{ statuses: { 200: 34 }, latency: { 368: 34 } },
      },
    ],
    samples: [{ ...chat, at: minute, status: 503, durationMs: 51.2, customerId: 'acme' }],
    usage: { produced: 1_200, delivered: 1_190, queued: 3, refused: 0, dropped: 7 },
  })
}, 400_000)

afterAll(() => stage.close())

test('an endpoint, its application and its customer lead to each other, with what each has to tell', async () => {
  const { page, complaints } = await stage.open()
  await page.goto(stage.place('/applications'))
  await page.getByRole('cell', { name: 'express/0.1.0 node/22' }).waitFor()
  await page.getByRole('link', { name: 'gateway' }).click()
  await page.getByText('7 pieces of usage were refused or dropped').waitFor()
  await page.getByRole('tab', { name: 'Processes' }).click()
  await page.getByRole('row', { name: /process-1/ }).waitFor()
  expect(await page.locator('td[data-label="Lost"]').textContent()).toBe('7')

  await page.getByRole('tab', { name: 'Endpoints' }).click()
  await page
    .getByRole('table', { name: 'Endpoints' })
    .getByRole('link', { name: '/v1/chat' })
    .click()
  await page.getByRole('heading', { name: 'POST /v1/chat' }).waitFor()
  await page.getByText('34 requests were to be metered').waitFor()
  const requests = page.getByRole('figure', { name: 'Requests', exact: true })
  await requests.getByText('1,222').waitFor() // of 2xx
  await requests.getByRole('button', { name: 'As a table' }).click()
  await requests.getByRole('cell', { name: '1,222' }).waitFor()

  await page.getByRole('tab', { name: 'Customers' }).click()
  await page.getByRole('cell', { name: 'Nobody known' }).waitFor()
  await page.getByRole('link', { name: 'Acme Robotics' }).click()
  await page.waitForURL(/customers\/acme/)
  await page.getByRole('tab', { name: 'Requests' }).click()
  await page.getByRole('cell', { name: '503' }).waitFor()
  expect(await seriousProblems(page)).toEqual([])
  await page.getByRole('link', { name: 'POST /v1/chat' }).click()
  await page.waitForURL(/endpoints\/ep_/)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('endpoints are found by their route and by how they do, and what is the matter stands above', async () => {
  const { page } = await stage.open({ width: 390, scheme: 'dark' })
  await page.goto(stage.place('/endpoints?sort=-requests'))
  await page.getByText('Needs you').waitFor()
  await settled(page)
  const table = page.getByRole('table', { name: 'Endpoints' })
  expect(await table.getByRole('link').first().textContent()).toContain('/v1/chat')
  await page.keyboard.press('/')
  await page.getByRole('textbox', { name: 'Route' }).fill('idle')
  await page.keyboard.press('Enter')
  await page.waitForURL(/q=idle/)
  await expect.poll(() => table.locator('tbody tr').count()).toBe(1)
  expect(await seriousProblems(page)).toEqual([])
  await page.context().close()
})

test('an endpoint that nothing meters leads to a policy for its route, one that has a policy to that', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/endpoints?q=/v1/chat'))
  await page
    .getByRole('table', { name: 'Endpoints' })
    .getByRole('link', { name: '/v1/chat' })
    .click()
  const action = page.getByRole('link', { name: 'Add metering' })
  const target = new URL((await action.getAttribute('href')) ?? '', stage.url)
  expect(target.pathname).toMatch(/\/policies\/new$/)
  expect(Object.fromEntries(target.searchParams)).toEqual({
    ...{ application: 'gateway', method: 'POST', url: '/v1/chat' },
  })
  const named = { key: 'chat', name: 'Chat', url: '/v1/*' }
  await stage.call('POST', '/control/policies', named)
  await page.reload()
  await page.getByText('no limits, meters nothing').waitFor()
  expect(await action.getAttribute('href')).toMatch(/\/policies\/chat$/)
  await stage.call('PATCH', '/control/policies/chat', { metering: [{ event: 'API_CALL' }] })
  await page.reload()
  await page.getByText(/no limits, meters$/).waitFor()
  await page.getByRole('button', { name: 'Add metering' }).waitFor()
  await page.context().close()
})

test('where no application reports, the page says how one begins', async () => {
  const { page } = await stage.open()
  for (const place of ['endpoints', 'applications']) {
    await page.goto(`${stage.url}/${stage.organizationId}/live/${place}`)
    await page.getByText('with a key of this environment').waitFor()
    await page.getByRole('tab', { name: 'FastAPI' }).click()
    await page.getByLabel('With FastAPI', { exact: true }).waitFor()
  }
  expect(await seriousProblems(page)).toEqual([])
  await page.context().close()
})

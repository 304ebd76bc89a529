import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type Door, openDoor } from './door.ts'

const GOAL = 'http://127.0.0.1:4400/org_1/test'

let door: Door | undefined
afterEach(async () => {
  await door?.close()
})

async function open(signIn: (userAgent: string) => Promise<readonly string[]>): Promise<Door> {
  door = await openDoor({ signIn, goal: GOAL, usedText: 'This link has been used.' })
  return door
}

const cookies = async (userAgent: string) => [`uf=session-of-${userAgent}; HttpOnly; Path=/`]
const visit = (link: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(link, { redirect: 'manual', headers: { 'user-agent': 'browser', ...headers } })

test('the link signs in the browser that opens it and leads it to the pages', async () => {
  const { link } = await open(cookies)
  const answer = await visit(link)
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe(GOAL)
  expect(answer.headers.getSetCookie()).toEqual(['uf=session-of-browser; HttpOnly; Path=/'])
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

test('of 20 who open it at the same time one is signed in, and nobody later', async () => {
  const { link } = await open(cookies)
  const answers = await Promise.all(Array.from({ length: 20 }, () => visit(link)))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 303)).toHaveLength(1)
  expect(statuses.filter((status) => status === 410)).toHaveLength(19)
  const late = await visit(link)
  expect(late.status).toBe(410)
  expect(late.headers.getSetCookie()).toEqual([])
  expect(await late.text()).toBe('This link has been used.\n')
})

test('what does not bear the token, or asks by another name or method, finds nothing and uses nothing up', async () => {
  const { link } = await open(cookies)
  const wrong = link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A')
  for (const place of [
    wrong,
    new URL('/', link).href,
    `${link}/`,
    `${link}?x=1`,
    link.slice(0, -1),
  ])
    expect((await visit(place)).status).toBe(404)
  expect((await fetch(link, { method: 'HEAD' })).status).toBe(404)
  expect((await fetch(link, { method: 'POST' })).status).toBe(404)
  expect(await statusAs(link, 'attacker.example')).toBe(404)
  expect((await visit(link)).status).toBe(303)
})

test('a browser that fetches ahead of being told does not use the link up', async () => {
  const { link } = await open(cookies)
  expect((await visit(link, { 'sec-purpose': 'prefetch;prerender' })).status).toBe(503)
  expect((await visit(link)).status).toBe(303)
})

test('a sign-in that failed leaves the link good for another try', async () => {
  let tries = 0
  const { link } = await open(async (userAgent) => {
    tries += 1
    if (tries === 1) throw new Error('the database is away')
    return cookies(userAgent)
  })
  expect((await visit(link)).status).toBe(500)
  expect((await visit(link)).status).toBe(303)
})

test('it listens on this machine alone', async () => {
  const { link } = await open(cookies)
  expect(new URL(link).hostname).toBe('127.0.0.1')
})

/** As a browser asks whose name for the host was made to lead here. */
function statusAs(link: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(link, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject).end()
  })
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type ServerProcess, startServerProcess } from '../../../../tools/server-process.ts'
import { joinEmbeddedPostgres } from '../../../server/src/platform/db/embedded-postgres/embedded-postgres.ts'
import { withClient } from '../../../server/src/platform/db/embedded-postgres/probe.ts'
import { silentLog } from '../../../server/src/platform/log.ts'
import { type FakeStripe, startFakeStripe } from '../../../server/test/stripe/fake-stripe.ts'
import { firstOwnerToken, makeFirstOwner, makeMember, type SignedIn } from './people.ts'
import { type Call, SEED_START, seed } from './seed.ts'

/** A server on which nobody has an account yet, and a browser in front. */
export type EmptyStage = {
  readonly url: string
  /** Where a program of the test's own would be told of facts, on this machine. */
  readonly receiver: Receiver
  /** What stands for Stripe; no environment is connected to it. */
  readonly stripe: FakeStripe
  /** What the server showed on its first start, for the first account. */
  firstOwnerToken(): Promise<string>
  /** A browser of its own, of somebody whom the server does not know. */
  openAsStranger(look?: Look): Promise<Opened>
  /** A browser of its own, of somebody who has signed in. */
  openAs(person: SignedIn, look?: Look): Promise<Opened>
  /** What somebody types at the machine of the server. */
  run(...args: readonly string[]): Promise<unknown>
  /** Puts into the database what no call can: states that must not come about, and do. */
  query(statement: string, values: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** The same with three months in it. */
export type Stage = EmptyStage & {
  readonly organizationId: string
  readonly owner: SignedIn
  readonly call: Call
  /** The path of a page of the environment that was filled. */
  place(path: string): string
  join(role: string): Promise<SignedIn>
  /** A browser of the owner. */
  open(look?: Look): Promise<Opened>
}

/** A page whose console and network are listened to. */
export type Opened = { readonly page: Page; readonly complaints: string[] }

export type Receiver = {
  readonly url: string
  readonly received: {
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }[]
}

export type Look = { readonly scheme?: 'light' | 'dark'; readonly width?: number }

export const WIDTHS = [1280, 390] as const
export const SCHEMES = ['light', 'dark'] as const
const OWNER = 'ada@cloudai.example'
const HEIGHT = 900
export const CHROMIUM = process.env.USAGEFLOW_CHROMIUM ?? '/usr/bin/chromium'
/** For what does not come at all: the machine may be busy. */
const WAIT_MS_MAX = 90_000
/** How many times slower than the machine pages run: shows tests that look before a page is there. */
const SLOWDOWN = Number(process.env.USAGEFLOW_SLOWDOWN ?? 1)

export async function openEmptyStage(): Promise<EmptyStage> {
  return (await raise()).stage
}

/** The real server with three months in it, or in real time with nothing, and a real browser in front. */
export async function openStage({ isLived = true } = {}): Promise<Stage> {
  const { stage, server } = await raise()
  try {
    const owner = await makeFirstOwner(server, OWNER)
    const { id: organizationId } = (await server.run(
      ...['org', 'create', 'CloudAI', '--owner', OWNER, '--json'],
      ...(isLived ? ['--test-clock', SEED_START] : []),
    )) as { id: string }
    const { key } = (await server.run(
      ...['key', 'create', organizationId, '--mode', 'test', '--name', 'Gateway', '--json'],
    )) as { key: string }
    const call = callWith(server.url, key)
    if (isLived) await seed(call, `${stage.receiver.url}/webhooks`)
    return {
      ...stage,
      ...{ organizationId, owner, call },
      place: (path) => `${server.url}/${organizationId}/test${path}`,
      open: (look) => stage.openAs(owner, look),
      join: (role) =>
        makeMember(server.url, owner, organizationId, {
          email: `${role.toLowerCase()}@cloudai.example`,
          role,
        }),
    }
  } catch (error) {
    await stage.close()
    throw error
  }
}

async function raise(): Promise<{ stage: EmptyStage; server: ServerProcess }> {
  const { receiver, closeReceiver } = await openReceiver()
  const stripe = await startFakeStripe()
  const server = await startServerProcess({
    ...{ USAGEFLOW_WEBHOOK_NETWORKS: '127.0.0.1/32', USAGEFLOW_STRIPE_URL: stripe.url },
  })
  const stop = async (): Promise<void> => {
    await server.stop()
    closeReceiver()
    await stripe.stop()
  }
  try {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    const { url } = server
    const stage: EmptyStage = {
      ...{ url, receiver, stripe },
      firstOwnerToken: () => firstOwnerToken(server),
      run: (...args) => server.run(...args),
      query: (statement, values) => queryData(server.folder, statement, values),
      openAsStranger: (look) => openPage(browser, look),
      openAs: async (person, look) => openPage(browser, look, { url, cookie: person.cookie }),
      async close() {
        await browser.close()
        await stop()
      },
    }
    return { stage, server }
  } catch (error) {
    await stop()
    throw error
  }
}

async function queryData(
  dataFolder: string,
  statement: string,
  values: readonly string[],
): Promise<void> {
  const { url } = await joinEmbeddedPostgres({ dataFolder, log: silentLog() })
  await withClient(url, (client) => client.query(statement, [...values]))
}

async function openReceiver(): Promise<{ receiver: Receiver; closeReceiver: () => void }> {
  const received: Receiver['received'] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += String(part)
    received.push({ headers: request.headers as Record<string, string>, body })
    response.end('thank you')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { receiver: { url, received }, closeReceiver: () => server.close() }
}

function callWith(url: string, key: string): Call {
  return async (method, path, body) => {
    const hasBody = body !== undefined
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        'x-usageflow-api-key': key,
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
      },
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text)
  }
}

async function openPage(
  browser: Browser,
  { scheme = 'light', width = 1280 }: Look = {},
  session?: { readonly url: string; readonly cookie: string },
): Promise<Opened> {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: HEIGHT },
    reducedMotion: 'reduce',
    locale: 'en-US',
    timezoneId: 'UTC',
  })
  if (session) {
    const [name = '', value = ''] = session.cookie.split('=')
    await context.addCookies([{ name, value, url: session.url, httpOnly: true, sameSite: 'Lax' }])
  }
  context.setDefaultTimeout(WAIT_MS_MAX)
  const page = await context.newPage()
  if (SLOWDOWN > 1) {
    const tools = await context.newCDPSession(page)
    await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
  }
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  return { page, complaints }
}

/** Waits until nothing is on its way, so that a picture shows the page and not its beginning. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main').waitFor()
  await page.waitForFunction(
    () => document.querySelector('[aria-busy="true"], .mantine-Skeleton-root') === null,
  )
  await page.waitForTimeout(250)
}

/** What the rules of accessibility say of the page, the serious ones. */
export async function seriousProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
    )
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import {
  openAccount,
  type ServerProcess,
  startServerProcess,
} from '../../../../tools/server-process.ts'
import { type Call, SEED_START, seed } from './seed.ts'

export type Stage = {
  readonly url: string
  readonly call: Call
  /** The path of a page of the environment that was filled. */
  place(path: string): string
  /** What the server showed on its first start, for the first account. */
  firstOwnerToken(): Promise<string>
  /** A page of somebody whom the server does not know. */
  openAsStranger(): Promise<Page>
  /** A page of its own whose console and network are listened to. */
  open(look?: Look): Promise<{ readonly page: Page; readonly complaints: string[] }>
  close(): Promise<void>
}

export type Look = { readonly scheme?: 'light' | 'dark'; readonly width?: number }

export const WIDTHS = [1280, 390] as const
export const SCHEMES = ['light', 'dark'] as const
const HEIGHT = 900
const CHROMIUM = process.env.USAGEFLOW_CHROMIUM ?? '/usr/bin/chromium'

/** The real server with three months in it, and a real browser in front. */
export async function openStage(): Promise<Stage> {
  const receiver = createServer((_request, response) => response.end('thank you'))
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const server = await startServerProcess({ USAGEFLOW_WEBHOOK_NETWORKS: '127.0.0.1/32' })
  const stop = async (): Promise<void> => {
    await server.stop()
    receiver.close()
  }
  try {
    const account = await openAccount(server, 'CloudAI', SEED_START)
    const call = callWith(server.url, account.key)
    await seed(call, `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks`)
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    return {
      url: server.url,
      call,
      place: (path) => `${server.url}/${account.organizationId}/test${path}`,
      open: (look = {}) => openPage(browser, look, account),
      openAsStranger: async () => (await browser.newContext({ locale: 'en-US' })).newPage(),
      firstOwnerToken: () => firstOwnerToken(server),
      async close() {
        await browser.close()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
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

const TOKEN_TRIES = 50

/** It is logged just after the address. */
async function firstOwnerToken({ logged }: ServerProcess): Promise<string> {
  for (let tries = 0; tries < TOKEN_TRIES; tries += 1) {
    const line = logged.find((entry) => entry.firstOwnerToken !== undefined)
    if (line) return String(line.firstOwnerToken)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the server showed no token')
}

async function openPage(
  browser: Browser,
  { scheme = 'light', width = 1280 }: Look,
  account: { readonly organizationId: string; readonly key: string },
) {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: HEIGHT },
    reducedMotion: 'reduce',
    locale: 'en-US',
    timezoneId: 'UTC',
  })
  await standInForSignIn(context, account)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  return { page, complaints }
}

const PERMISSIONS = ['usage', 'catalog', 'customers', 'billing', 'webhooks', 'clock'].flatMap(
  (subject) => [`${subject}:read`, `${subject}:write`],
)

/** Calls go by an API key, and somebody is signed in: what is tested here is what they see. */
async function standInForSignIn(
  context: BrowserContext,
  { organizationId, key }: { readonly organizationId: string; readonly key: string },
): Promise<void> {
  await context.route('**/api/v1/**', async (route, request) => {
    await route.continue({ headers: { ...request.headers(), 'x-usageflow-api-key': key } })
  })
  const session = {
    user: {
      id: 'usr_1',
      email: 'ada@cloudai.example',
      name: 'Ada',
      emailVerified: true,
      twoFactor: false,
    },
    organizations: [
      {
        id: organizationId,
        name: 'CloudAI',
        role: 'OWNER',
        permissions: PERMISSIONS,
        environments: [{ mode: 'live' }, { mode: 'test' }],
      },
    ],
  }
  await context.route('**/api/v1/session', (route) => route.fulfill({ json: session }))
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

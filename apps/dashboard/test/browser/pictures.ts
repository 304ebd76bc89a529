import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { CHROMIUM, settled } from './browser.ts'
import { startDemo } from './demo-process.ts'

const FOLDER = path.join(import.meta.dirname, '../../../../docs/pictures')
const VIEW = { width: 1280, height: 800 }
const BYTES_MAX = 150 * 1024
const WAIT_MS_MAX = 180_000 // pictures may take their time on a busy machine

type Picture = {
  readonly name: string
  readonly scheme: 'light' | 'dark'
  /** Goes to what is to be seen, from the overview. */
  readonly find: (page: Page) => Promise<unknown>
}

const PICTURES: readonly Picture[] = [
  { name: 'overview', scheme: 'light', find: async () => {} },
  {
    name: 'invoice',
    scheme: 'light',
    find: async (page) => {
      await page.goto(`${page.url()}/invoices?customerId=harbor`)
      await page.getByRole('link', { name: /^NIM-/ }).first().click()
      await page.getByText('Lines').waitFor()
    },
  },
  {
    name: 'plan',
    scheme: 'dark',
    find: (page) => page.goto(`${page.url()}/plans/growth`),
  },
  {
    name: 'customer',
    scheme: 'dark',
    find: (page) => page.goto(`${page.url()}/customers/kestrel`),
  },
]

/** The pictures of the README, of what the demo fills in: `npm run pictures`. */
async function takePictures(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const demo = await startDemo()
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  try {
    const state = await signIn(browser, demo.link)
    for (const picture of PICTURES) await take(browser, state, picture)
  } finally {
    await browser.close()
    await demo.stop()
  }
}

type SignedIn = {
  readonly home: string
  readonly cookies: Awaited<ReturnType<BrowserContext['cookies']>>
}

async function signIn(browser: Browser, link: string): Promise<SignedIn> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(link)
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  return { home: page.url(), cookies: await context.cookies() }
}

async function take(browser: Browser, { home, cookies }: SignedIn, picture: Picture) {
  const context = await browser.newContext({
    viewport: VIEW,
    colorScheme: picture.scheme,
    reducedMotion: 'reduce',
    locale: 'en-US',
    timezoneId: 'UTC',
  })
  await context.addCookies([...cookies])
  context.setDefaultTimeout(WAIT_MS_MAX)
  const page = await context.newPage()
  await page.goto(home)
  await settled(page)
  await picture.find(page)
  await settled(page)
  const file = path.join(FOLDER, `${picture.name}.png`)
  await page.screenshot({ path: file })
  await context.close()
  const { size } = statSync(file)
  if (size > BYTES_MAX) throw new Error(`${picture.name}.png has ${size} bytes`)
  process.stdout.write(`${picture.name}.png  ${Math.round(size / 1024)} KB\n`)
}

await takePictures()

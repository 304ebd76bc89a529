import { chromium } from 'playwright-core'
import type { World } from './dashboard-world.ts'

/** What somebody sees who opens the overview for the first time; times since the address was entered. */
export type Sight = {
  /** The first text or picture. */
  readonly firstPaintMs: number
  /** Nothing is missing any more: figures, tables and charts. */
  readonly wholeMs: number
}

const SIGHTS = 5
const CHROMIUM = process.env.USAGEFLOW_CHROMIUM ?? '/usr/bin/chromium'

/** Each in a browser of its own: nothing is in its cache. */
export async function firstSights(world: World): Promise<Sight[]> {
  const sights: Sight[] = []
  for (let nth = 0; nth < SIGHTS; nth += 1) sights.push(await firstSight(world))
  return sights
}

async function firstSight({ url, organizationId, cookie }: World): Promise<Sight> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([{ name, value, url }])
    const page = await context.newPage()
    await page.goto(`${url}/${organizationId}/live`)
    await page.getByText('Monthly recurring revenue').waitFor()
    await page.waitForFunction(
      () =>
        document.querySelector('main svg.recharts-surface') !== null &&
        document.querySelector('[aria-busy="true"], .mantine-Skeleton-root') === null,
    )
    return await page.evaluate(() => ({
      firstPaintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
      wholeMs: performance.now(),
    }))
  } finally {
    await browser.close()
  }
}

import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { latestMails } from '../../src/platform/mail/mail.ts'
import { createSealer } from '../../src/platform/secrets/seal.ts'
import type { RunningApp } from '../routes/running-app.ts'

export type Shown = {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came
  readonly json: any
  readonly setCookies: readonly string[]
}

export type Sending = {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export const PASSWORD = 'correct horse battery'

/** A browser on the pages of the server: it keeps cookies and says where its requests come from. */
export class Browser {
  readonly cookies = new Map<string, string>()
  private readonly app: RunningApp
  private readonly origin: string | null

  /** `origin`: where its pages come from, when that is not where the server listens. */
  constructor(app: RunningApp, origin: string | null = null) {
    this.app = app
    this.origin = origin
  }

  async send(method: string, path: string, { body, headers = {} }: Sending = {}): Promise<Shown> {
    const answer = await fetch(`${this.app.address}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        origin: this.origin ?? this.app.address,
        'sec-fetch-site': 'same-origin',
        ...(this.cookies.size > 0 ? { cookie: this.cookieHeader() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const setCookies = answer.headers.getSetCookie()
    for (const cookie of setCookies) this.keep(cookie)
    const text = await answer.text()
    const json = text.startsWith('{') ? JSON.parse(text) : undefined
    return { status: answer.status, json, setCookies }
  }

  get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    this.send('GET', path, { headers })
  post = (path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    this.send('POST', path, { body, headers })

  signIn(email: string, password = PASSWORD): Promise<Shown> {
    return this.post('/api/auth/sign-in/email', { email, password })
  }

  /** Opens the link of the latest message to this address. */
  async confirm(email: string): Promise<Shown> {
    return this.get(`/api/auth/verify-email?token=${await tokenSentTo(email)}`)
  }

  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  private keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim())
    const at = pair.indexOf('=')
    const isGone = attributes.some((one) => /^max-age=0$/i.test(one))
    if (isGone) this.cookies.delete(pair.slice(0, at))
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }
}

/** The token in the latest message to this address. */
export async function tokenSentTo(email: string): Promise<string> {
  const sealer = createSealer(Buffer.alloc(32, 7))
  const mails = await inOwnTransaction((tx) => latestMails(tx, sealer, 100))
  const mail = mails.find(({ to }) => to === email)
  return /[?&]token=([^\s&]+)/.exec(mail?.text ?? '')?.[1] ?? `no message to ${email}`
}

/** Makes the first account of the installation, and signs it in. */
export async function firstOwner(app: RunningApp, email = 'ada@example.com'): Promise<Browser> {
  const browser = new Browser(app)
  const token = (await app.firstStartToken()) ?? 'none'
  const account = { email, password: PASSWORD, name: 'Ada' }
  const made = await browser.post('/api/auth/sign-up/email', account, {
    'usageflow-first-owner-token': token,
  })
  if (made.status !== 200) throw new Error(`sign-up: ${JSON.stringify(made.json)}`)
  const signedIn = await browser.signIn(email)
  if (signedIn.status !== 200) throw new Error(`sign-in: ${JSON.stringify(signedIn.json)}`)
  return browser
}

/** Makes an account where sign-up is open, proves its address, and signs it in. */
export async function someone(app: RunningApp, email: string): Promise<Browser> {
  const browser = new Browser(app)
  const account = { email, password: PASSWORD, name: email.split('@')[0] }
  const made = await browser.post('/api/auth/sign-up/email', account)
  if (made.status !== 200) throw new Error(`sign-up: ${JSON.stringify(made.json)}`)
  const confirmed = await browser.confirm(email)
  if (confirmed.status !== 200) throw new Error(`confirm: ${JSON.stringify(confirmed.json)}`)
  return browser
}

/** The environment of an organization, as the pages say it with every call. */
export function inside(organizationId: string, mode: 'live' | 'test' = 'test') {
  return { 'usageflow-organization': organizationId, 'usageflow-environment': mode }
}

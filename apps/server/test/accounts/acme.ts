import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { allowDomain } from '../../src/sign-on/set-up.ts'
import { anOrganization, type RunningApp, runApp } from '../routes/running-app.ts'
import { Browser, firstOwner, type Shown } from './browser.ts'
import { startIssuer, type TestIssuer } from './issuer.ts'
import { join } from './people.ts'

export let app: RunningApp
export let issuer: TestIssuer
export let owner: Browser
export let organizationId: string
let people = 0

export const path = (id = organizationId) => `/api/v1/organizations/${id}/sign-on`
/** Where an issuer sends people back to. */
export const returnAddress = (id = organizationId) => `${app.address}/sign-on/${id}`
export const base = () => ({
  issuer: issuer.url,
  clientId: 'usageflow',
  role: 'DEVELOPER' as const,
})

/** Acme, whose members sign on through an issuer of its own. Once per file of tests. */
export async function openAcme(): Promise<void> {
  app = await runApp('closed')
  owner = await firstOwner(app, 'ada@acme.example')
  organizationId = (await anOrganization('Acme')).id
  issuer = await startIssuer(returnAddress())
  await join(organizationId, await idOf(owner), 'OWNER')
  await inOwnTransaction((tx) => allowDomain(tx, organizationId, 'Acme.example', new Date()))
  const made = await connect()
  if (made.status !== 200) throw new Error(JSON.stringify(made.json))
}

export async function closeAcme(): Promise<void> {
  await Promise.all([app.stop(), issuer.close()])
}

export async function idOf(browser: Browser): Promise<string> {
  return (await browser.get('/api/v1/session')).json.user.id
}

export function connect(wanted: Record<string, unknown> = {}): Promise<Shown> {
  const { clientSecret } = issuer.client
  const body = { ...base(), clientSecret, enabled: true, enforced: false, ...wanted }
  return owner.send('PUT', path(), { body })
}

/** Somebody of Acme whom the issuer knows and we do not. */
export function somebody(more: Partial<TestIssuer['person']> = {}): TestIssuer['person'] {
  people += 1
  const name = `person${people}`
  return { subject: name, email: `${name}@acme.example`, email_verified: true, name, ...more }
}

/** The whole way of a person, in a browser of its own. */
export async function signOn(
  person: TestIssuer['person'],
  through = issuer,
): Promise<Shown & { browser: Browser }> {
  const browser = new Browser(app)
  through.person = person
  const begun = await browser.post('/api/auth/sign-on/begin', { organizationId })
  if (begun.status !== 200) throw new Error(JSON.stringify(begun.json))
  const answer = await through.walk(begun.json.url)
  return { ...(await finish(browser, answer)), browser }
}

/** What the page does to which an issuer sent the browser back. */
export function finish(browser: Browser, answer: string, id = organizationId): Promise<Shown> {
  return browser.post('/api/auth/sign-on/finish', { organizationId: id, answer })
}

export function failed(code: string) {
  return { status: 403, json: { error: { code } } }
}

export async function membersOf(): Promise<readonly { email: string; role: string }[]> {
  const { json } = await owner.get(`/api/v1/organizations/${organizationId}/members`)
  return json.data
}

export async function accountIdOf(email: string): Promise<string> {
  const row = await inOwnTransaction((tx) =>
    tx.selectFrom('users').where('email', '=', email).select('id').executeTakeFirstOrThrow(),
  )
  return row.id
}

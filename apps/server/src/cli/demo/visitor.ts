import { randomBase62 } from '../../platform/random.ts'
import { expectSuccess } from './call.ts'

/** An account on the server of the demo, used as a browser on its pages uses it. */
export type Visitor = {
  readonly userId: string
  readonly email: string
  readonly password: string
  /** Calls a route for people; `path` is the whole path. Throws for every answer that is no success. */
  call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  /** Begins a session for the browser of this name. Resolves to its `Set-Cookie`. */
  signIn(userAgent: string): Promise<readonly string[]>
}

export type NewVisitor = {
  readonly email: string
  readonly name: string
  /** What lets a stranger make an account: a token and the header in which it goes. */
  readonly pass: Readonly<Record<string, string>>
  /** How the address is proven, where the pass does not prove it. */
  confirm?(send: Send, password: string): Promise<void>
}

export type Send = (
  method: string,
  path: string,
  sending?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Response>

const PASSWORD_LENGTH = 20
const USER_AGENT = 'usageflow demo'

/** Makes an account over the public API. */
export async function makeVisitor(
  url: string,
  { email, name, pass, confirm }: NewVisitor,
): Promise<Visitor> {
  const send = sendTo(url)
  const password = randomBase62(PASSWORD_LENGTH)
  const body = { email, name, password }
  await expectSent(
    'sign-up',
    await send('POST', '/api/auth/sign-up/email', { body, headers: pass }),
  )
  await confirm?.(send, password)
  const signIn = async (userAgent: string): Promise<readonly string[]> => {
    const answer = await send('POST', '/api/auth/sign-in/email', {
      body: { email, password },
      headers: { 'user-agent': userAgent },
    })
    await expectSent('sign-in', answer)
    return answer.headers.getSetCookie()
  }
  const cookie = (await signIn(USER_AGENT)).map((one) => one.split(';')[0]).join('; ')
  const call: Visitor['call'] = async (method, path, sent) =>
    expectSent(`${method} ${path}`, await send(method, path, { body: sent, headers: { cookie } }))
  const { user } = (await call('GET', '/api/v1/session')) as { user: { id: string } }
  return { userId: user.id, email, password, call, signIn }
}

/** Sends as a page of the server does. */
export function sendTo(url: string): Send {
  return (method, path, { body, headers = {} } = {}) =>
    fetch(new URL(path, url), {
      method,
      redirect: 'manual',
      headers: {
        origin: new URL(url).origin,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
}

async function expectSent(what: string, answer: Response): Promise<Record<string, unknown>> {
  const text = await answer.text()
  return expectSuccess(what, {
    status: answer.status,
    body: text === '' ? null : (JSON.parse(text) as unknown),
  })
}

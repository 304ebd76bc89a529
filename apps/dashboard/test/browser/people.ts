import type { ServerProcess } from '../../../../tools/server-process.ts'

export const PASSWORD = 'a long row of quiet words'

/** Somebody with an account who has signed in. */
export type SignedIn = {
  readonly email: string
  /** The cookie of their session, as `name=value`. */
  readonly cookie: string
  /** Calls a route for people; `path` is the whole path. Throws for every answer that is no success. */
  call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
}

const TOKEN_TRIES = 1_200 // two minutes: the machine may be busy

/** What the server shows on its first start, just after its address. */
export async function firstOwnerToken({ logged }: ServerProcess): Promise<string> {
  for (let tries = 0; tries < TOKEN_TRIES; tries += 1) {
    const line = logged.find((entry) => entry.firstOwnerToken !== undefined)
    if (line) return String(line.firstOwnerToken)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the server showed no token')
}

/** The link in the latest message to this address: no mail server is set, so it stands in the outbox. */
export async function linkSentTo(url: string, email: string): Promise<string> {
  const { data } = (await send(url, 'GET', '/api/v1/development/outbox')) as {
    data: { to: string; text: string }[]
  }
  const text = data.find(({ to }) => to === email)?.text ?? ''
  const link = /https?:\/\/\S+/.exec(text)?.[0]
  if (!link) throw new Error(`no message with a link to ${email}`)
  return link
}

export async function makeFirstOwner(server: ServerProcess, email: string): Promise<SignedIn> {
  await signUp(server.url, email, {
    'usageflow-first-owner-token': await firstOwnerToken(server),
  })
  return signIn(server.url, email)
}

/** Invites somebody, who makes an account, proves the address and accepts. */
export async function makeMember(
  url: string,
  by: SignedIn,
  organizationId: string,
  { email, role }: { readonly email: string; readonly role: string },
): Promise<SignedIn> {
  const invitations = `/api/v1/organizations/${organizationId}/invitations`
  const { link } = await by.call('POST', invitations, { email, role })
  const token = new URL(String(link)).searchParams.get('token') ?? ''
  await signUp(url, email, { 'usageflow-invitation': token })
  const proof = new URL(await linkSentTo(url, email)).searchParams.get('token')
  await send(url, 'POST', '/api/auth/verify-email', { body: { token: proof, password: PASSWORD } })
  const member = await signIn(url, email)
  await member.call('POST', '/api/v1/invitations/accept', { token })
  return member
}

async function signUp(url: string, email: string, headers: Readonly<Record<string, string>>) {
  const name = email.split('@')[0]
  await send(url, 'POST', '/api/auth/sign-up/email', {
    body: { email, password: PASSWORD, name },
    headers,
  })
}

async function signIn(url: string, email: string): Promise<SignedIn> {
  let cookie = ''
  await send(url, 'POST', '/api/auth/sign-in/email', {
    body: { email, password: PASSWORD },
    onAnswer: ({ headers }) => {
      cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
    },
  })
  const call: SignedIn['call'] = (method, path, body) =>
    send(url, method, path, { body, headers: { cookie } })
  return { email, cookie, call }
}

/** As a page of the server sends it. */
async function send(
  url: string,
  method: string,
  path: string,
  sent: {
    readonly body?: unknown
    readonly headers?: Readonly<Record<string, string>>
    readonly onAnswer?: (answer: Response) => void
  } = {},
): Promise<Record<string, unknown>> {
  const hasBody = sent.body !== undefined
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      origin: url,
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...sent.headers,
    },
    ...(hasBody ? { body: JSON.stringify(sent.body) } : {}),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  sent.onAnswer?.(answer)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

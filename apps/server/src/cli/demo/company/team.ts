import { makeVisitor, type Send, sendTo, type Visitor } from '../visitor.ts'

const COLLEAGUES = [
  { email: 'grace@nimbus.example', name: 'Grace Okafor', role: 'ADMIN' },
  { email: 'tomas@nimbus.example', name: 'Tomás Varga', role: 'DEVELOPER' },
]
const KEYS = [
  { mode: 'test', name: 'Gateway', scopes: ['usage:write', 'customers:read'] },
  { mode: 'test', name: 'Reporting', scopes: ['usage:read', 'billing:read'] },
]

/** The owner's colleagues: two have accepted their invitation, one has not yet. And keys of their programs. */
export async function inviteTeam(
  url: string,
  owner: Visitor,
  organizationId: string,
): Promise<void> {
  const organization = `/api/v1/organizations/${organizationId}`
  for (const { email, name, role } of COLLEAGUES) {
    await owner.call('POST', `${organization}/invitations`, { email, role })
    const token = await tokenSentTo(url, email)
    const colleague = await makeVisitor(url, {
      ...{ email, name, pass: { 'usageflow-invitation': token } },
      confirm: (send, password) => confirm(url, send, { email, password }),
    })
    await colleague.call('POST', '/api/v1/invitations/accept', { token })
  }
  await owner.call('POST', `${organization}/invitations`, {
    ...{ email: 'auditor@ledgerwise.example', role: 'VIEWER' },
  })
  for (const key of KEYS) await owner.call('POST', `${organization}/keys`, key)
}

async function confirm(
  url: string,
  send: Send,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  const body = { token: await tokenSentTo(url, email), password }
  const answer = await send('POST', '/api/auth/verify-email', { body })
  if (answer.status >= 400) throw new Error(`the address ${email} could not be proven`)
}

/** The token in the latest message to this address: without a mail server, messages stand in the outbox. */
async function tokenSentTo(url: string, email: string): Promise<string> {
  const answer = await sendTo(url)('GET', '/api/v1/development/outbox')
  const { data } = (await answer.json()) as { data: { to: string; text: string }[] }
  const mail = data.find(({ to }) => to === email)
  const token = /[?&]token=([^\s&]+)/.exec(mail?.text ?? '')?.[1]
  if (token === undefined) throw new Error(`there is no message to ${email}`)
  return token
}

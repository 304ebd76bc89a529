import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { giveTo } from '../../src/identity/first-member.ts'
import { invite, resendInvitation } from '../../src/identity/invite.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { anOrganization, type RunningApp, runApp } from '../routes/running-app.ts'
import { Browser, firstOwner, someone, tokenSentTo } from './browser.ts'
import { acceptBy, aUser, codeOf, join } from './people.ts'

let app: RunningApp
let ada: Browser
let acme: string

beforeAll(async () => {
  app = await runApp('open')
  ada = await firstOwner(app)
  acme = (await ada.post('/api/v1/organizations', { name: 'Acme' })).json.id
})
afterAll(() => app.stop())

const path = (rest: string) => `/api/v1/organizations/${acme}${rest}`

test('an invitation is told to whoever has its token, and again with another that ends the first', async () => {
  const sent = await ada.post(path('/invitations'), { email: 'ivy@example.com', role: 'VIEWER' })
  const first = await tokenSentTo('ivy@example.com')
  expect(sent.json.link).toBe(`${app.address}/invitation?token=${first}`)
  const look = (token: string) =>
    new Browser(app).get('/api/v1/invitation', { 'usageflow-invitation': token })
  expect(await look(first)).toMatchObject({
    status: 200,
    json: { organization: 'Acme', inviter: 'Ada', email: 'ivy@example.com', role: 'VIEWER' },
  })
  const resend = () => ada.post(path(`/invitations/${sent.json.id}/resend`))
  expect(await resend()).toMatchObject({ status: 200, json: { id: sent.json.id } })
  const second = await tokenSentTo('ivy@example.com')
  expect(second).not.toBe(first)
  expect(await look(first)).toMatchObject({ status: 403 })
  const listed = await ada.get(path('/invitations'))
  expect(JSON.stringify(listed.json)).not.toContain(second)
  const ivy = await someone(app, 'ivy@example.com')
  const accept = (token: string) => ivy.post('/api/v1/invitations/accept', { token })
  expect(await accept(first)).toMatchObject({ status: 403 })
  expect(await accept(second)).toMatchObject({ status: 200 })
  expect(await look(second)).toMatchObject({ status: 403 })
  expect(await resend()).toMatchObject({ status: 404 })
})

test('an invitation is sent again by nobody below it, and then for seven days more, also when it has expired', async () => {
  const { id } = await anOrganization('Resends')
  const [owner, admin] = [(await aUser()).userId, (await aUser()).userId]
  await join(id, owner, 'OWNER')
  await join(id, admin, 'ADMIN')
  const user = await aUser()
  const [sentAt, ended] = [new Date('2026-03-01T00:00:00Z'), new Date('2026-03-09T00:00:00Z')]
  const by = (actorId: string) => ({ organizationId: id, actorId })
  const { invitation } = await inOwnTransaction((tx) =>
    invite(tx, by(owner), { email: user.email, role: 'OWNER' }, sentAt),
  )
  const again = (actorId: string) =>
    inOwnTransaction((tx) => resendInvitation(tx, by(actorId), invitation.id, ended))
  expect(await codeOf(again(admin))).toBe('member.role_above_you')
  const { token } = await again(owner)
  const endsAt = new Date('2026-03-16T00:00:00Z')
  const acceptedAt = (at: Date) => codeOf(acceptBy(user, token, at))
  expect(await acceptedAt(endsAt)).toBe('invitation.refused')
  expect(await acceptedAt(new Date(endsAt.getTime() - 1))).toBe('done')
})

test('who is removed does not come back by an invitation from before', async () => {
  const { userId, email } = await aUser()
  const others = await aUser()
  const invited = await ada.post(path('/invitations'), { email, role: 'ADMIN' })
  await ada.post(path('/invitations'), { email: others.email, role: 'ADMIN' })
  await join(acme, userId, 'VIEWER') // another way than by the invitation
  expect((await ada.send('DELETE', path(`/members/${userId}`))).status).toBe(200)
  const token = new URL(invited.json.link).searchParams.get('token') ?? ''
  const accepting = acceptBy({ userId, email }, token, new Date())
  expect(await codeOf(accepting)).toBe('invitation.refused')
  const open: { email: string }[] = (await ada.get(path('/invitations'))).json.data
  expect(open.map((one) => one.email)).toEqual([others.email])
  // A new one lets them in.
  const again = await ada.post(path('/invitations'), { email, role: 'VIEWER' })
  expect(again.status).toBe(201)
})

test('who leaves does not come back by an invitation from before; that of another organization waits on', async () => {
  const email = 'lea@example.com'
  const lea = await someone(app, email)
  const other = (await ada.post('/api/v1/organizations', { name: 'Other' })).json.id
  const sentBy = async (organizationId: string) => {
    const sent = await ada.post(`/api/v1/organizations/${organizationId}/invitations`, {
      ...{ email, role: 'ADMIN' },
    })
    return new URL(sent.json.link).searchParams.get('token')
  }
  const [token, elsewhere] = [await sentBy(acme), await sentBy(other)]
  await join(acme, (await lea.get('/api/v1/session')).json.user.id, 'VIEWER')
  expect((await lea.post(path('/leave'))).status).toBe(200)
  const accept = (of: string | null) => lea.post('/api/v1/invitations/accept', { token: of })
  const refused = { status: 403, json: { error: { code: 'invitation.refused' } } }
  expect(await accept(token)).toMatchObject(refused)
  expect(await accept(elsewhere)).toMatchObject({ status: 200, json: { role: 'ADMIN' } })
})

test('whoever runs the installation gives a new organization to an account', async () => {
  const { id } = await anOrganization('Given')
  const { userId, email } = await aUser()
  const now = new Date()
  const give = (to: string) => codeOf(inOwnTransaction((tx) => giveTo(tx, id, to, now)))
  expect(await give('nobody@example.com')).toBe('user.unknown')
  expect(await give(email.toUpperCase())).toBe('done')
  const { role } = await inOwnTransaction((tx) =>
    tx.selectFrom('members').where('user_id', '=', userId).select('role').executeTakeFirstOrThrow(),
  )
  expect(role).toBe('OWNER')
})

test('an invitation that is sent again while it is accepted ends the link from before', async () => {
  const { id } = await anOrganization('Resent')
  const owner = (await aUser()).userId
  await join(id, owner, 'OWNER')
  const user = await aUser()
  const by = { organizationId: id, actorId: owner }
  const now = new Date()
  const { invitation, token } = await inOwnTransaction((tx) =>
    invite(tx, by, { email: user.email, role: 'ADMIN' }, now),
  )
  let accepting: Promise<string> = Promise.resolve('')
  await inOwnTransaction(async (tx) => {
    await resendInvitation(tx, by, invitation.id, now) // holds the organization
    accepting = codeOf(acceptBy(user, token, now))
    await sleep(500)
  })
  expect(await accepting).toBe('invitation.refused')
})

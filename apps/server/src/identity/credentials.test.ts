import { expect, test } from 'vitest'
import type { Database } from '../platform/db/database.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { silentLog } from '../platform/log.ts'
import { latestMails } from '../platform/mail/mail.ts'
import { createSealer, sessionSecretsOf } from '../platform/secrets/seal.ts'
import { type Credentials, createCredentials } from './credentials.ts'
import { publicPlace } from './origins.ts'
import { MAKER_HEADER } from './prove-address.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const EMAIL = 'sol@example.com'
const place = publicPlace('http://localhost:4700')
const KEY = Buffer.alloc(32, 7)
const sealer = createSealer(KEY)

async function credentialsOn(db: Database): Promise<Credentials> {
  return createCredentials({
    ...{ db, sealer, log: silentLog(), clock: () => NOW, secrets: sessionSecretsOf([KEY]) },
    ...{ place: () => place, mustSignOn: async () => null },
  })
}

/** The database of the test, where somebody is quicker than each transaction of whoever asks. */
async function databaseWith(quicker: (tx: Tx) => Promise<void>): Promise<Database> {
  const { database } = await testDatabase()
  return {
    ...database,
    inTransaction: async (work) => {
      await inOwnTransaction(quicker)
      return database.inTransaction(work)
    },
  }
}

async function signUp({ answer }: Credentials): Promise<string> {
  const account = { email: EMAIL, password: 'what the person has chosen', name: 'Sol' }
  const request = new Request(`${place.origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: place.origin },
    body: JSON.stringify(account),
  })
  const { user } = (await (await answer(request)).json()) as { user: { id: string } }
  return user.id
}

async function openLink({ answer }: Credentials, userId: string): Promise<Response> {
  const [mail] = await inOwnTransaction((tx) => latestMails(tx, sealer, 1))
  const token = /[?&]token=([^\s&]+)/.exec(mail?.text ?? '')?.[1]
  const url = `${place.origin}/api/auth/verify-email?token=${token}`
  return answer(new Request(url, { headers: { [MAKER_HEADER]: userId } }))
}

async function provenAccounts(): Promise<{ id: string; proven: boolean }[]> {
  const rows = await inOwnTransaction((tx) =>
    tx.selectFrom('users').where('email', '=', EMAIL).selectAll().execute(),
  )
  return rows.map(({ id, email_verified: proven }) => ({ id, proven }))
}

test('a link proves the account it was sent for, not one that got the address meanwhile', async () => {
  const { database } = await testDatabase()
  const userId = await signUp(await credentialsOn(database))
  const attacker = newId('usr')
  const taken = await databaseWith(async (tx) => {
    await tx.deleteFrom('users').where('id', '=', userId).execute()
    const account = { id: attacker, email: EMAIL, name: 'Somebody', email_verified: false }
    const times = { created_at: NOW, updated_at: NOW }
    await tx
      .insertInto('users')
      .values({ ...account, ...times })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
  expect((await openLink(await credentialsOn(taken), userId)).status).toBe(401)
  expect(await provenAccounts()).toEqual([{ id: attacker, proven: false }])
})

test('a link proves the account it was sent for', async () => {
  const { database } = await testDatabase()
  await inOwnTransaction((tx) => tx.deleteFrom('users').where('email', '=', EMAIL).execute())
  const credentials = await credentialsOn(database)
  const userId = await signUp(credentials)
  expect((await openLink(credentials, userId)).status).toBe(200)
  expect(await provenAccounts()).toEqual([{ id: userId, proven: true }])
})

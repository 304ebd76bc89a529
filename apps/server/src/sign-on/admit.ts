import { appendAudit } from '../audit/append-audit.ts'
import {
  claimVouched,
  findVouched,
  joinVouched,
  makeVouched,
} from '../identity/vouched-accounts.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { insertIdentity, selectIdentified } from './attempts.store.ts'
import { type Connection, readEmail } from './connection.ts'
import { selectDomains } from './connections.store.ts'
import { failures } from './failures.ts'
import type { Claims } from './issuer.ts'

const NAME_LENGTH_MAX = 200

type Noted = { readonly requestId: string; readonly at: Date }

/**
 * Who of UsageFlow the issuer means, and makes them a member if they are new: account, membership and
 * entry in the log are one transaction. The issuer speaks for verified addresses of the domains of its
 * organization, about its members and about those who have no account; never about an account of
 * others. Throws `sign_on.email_unverified`, `sign_on.email_foreign`, `sign_on.account_exists` and
 * `sign_on.other_identity`.
 */
export async function admit(
  tx: Tx,
  connection: Connection,
  claims: Claims,
  noted: Noted,
): Promise<string> {
  const { organizationId, issuer } = connection
  const email = await vouchedEmail(tx, organizationId, claims)
  const identity = { organizationId, issuer, subject: claims.subject }
  const account = await findVouched(tx, organizationId, email)
  const known = await selectIdentified(tx, identity)
  if (known) {
    await assertSpeaksFor(tx, organizationId, known.email)
    return known.userId
  }
  if (account.is === 'stranger') throw failures.accountExists()
  const userId =
    account.is === 'member'
      ? account.userId
      : await newMember(tx, connection, {
          account,
          email,
          name: nameIn(claims, email),
          at: noted.at,
        })
  if (!(await insertIdentity(tx, identity, { userId, linkedAt: noted.at })))
    throw failures.otherIdentity()
  await appendAudit(tx, {
    ...{ organizationId, envId: null, ...noted },
    actor: { kind: 'user', id: userId },
    action: 'POST /api/auth/sign-on/finish',
    target: userId,
    sent: { issuer, email, ...(account.is === 'member' ? {} : { role: connection.role }) },
  })
  return userId
}

async function newMember(
  tx: Tx,
  { organizationId, role }: Connection,
  person: {
    readonly account: { is: 'unknown' } | { is: 'unproven'; userId: string }
    readonly email: string
    readonly name: string
    readonly at: Date
  },
): Promise<string> {
  const { account, at } = person
  if (account.is === 'unproven') await claimVouched(tx, account.userId, at)
  const userId = account.is === 'unproven' ? account.userId : await makeVouched(tx, person, at)
  await joinVouched(tx, { organizationId, userId, role }, at)
  return userId
}

async function vouchedEmail(tx: Tx, organizationId: string, claims: Claims): Promise<string> {
  const address = readEmail(claims.email)
  if (!address || claims.emailVerified !== true) throw failures.emailUnverified()
  await assertSpeaksFor(tx, organizationId, address.email)
  return address.email
}

async function assertSpeaksFor(tx: Tx, organizationId: string, email: string): Promise<void> {
  const domain = readEmail(email)?.domain ?? ''
  if (!(await selectDomains(tx, organizationId)).includes(domain))
    throw failures.emailForeign(domain)
}

/** What others read: the name that the issuer knows, or the address up to its sign. */
function nameIn({ name }: Claims, email: string): string {
  const given = typeof name === 'string' ? name.replace(/\p{Cc}+/gu, ' ').trim() : ''
  return (given || (email.split('@')[0] ?? email)).slice(0, NAME_LENGTH_MAX)
}

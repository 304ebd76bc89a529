import type { FastifyRequest } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import {
  awaitsFirstOwner,
  giveFirstOwnerTokenBack,
  takeFirstOwnerToken,
  welcomeFirstOwner,
} from './first-owner.ts'
import { isInvited } from './invite.ts'
import { failures } from './session-failures.ts'

/** Whether strangers may make accounts. */
export type SignUpMode = 'open' | 'closed'

type Deps = { readonly db: Database; readonly clock: Clock; readonly signUp: SignUpMode }

/**
 * Lets a sign-up through if it may: the first with the token of the first start, later ones when sign-up
 * is open or they bring an invitation to that address. Throws `auth.first_owner_token` and `auth.sign_up_closed`.
 */
export async function admitSignUp(
  deps: Deps,
  request: Pick<FastifyRequest, 'headers' | 'body'>,
  signUp: () => Promise<Response>,
): Promise<Response> {
  if (await deps.db.inTransaction(awaitsFirstOwner)) return admitFirst(deps, request, signUp)
  if (deps.signUp === 'closed' && !(await comesInvited(deps, request)))
    throw failures.signUpClosed()
  return signUp()
}

function comesInvited(
  { db, clock }: Deps,
  { headers, body }: Pick<FastifyRequest, 'headers' | 'body'>,
): Promise<boolean> {
  const token = String(headers['usageflow-invitation'])
  const { email } = (body ?? {}) as { email?: unknown }
  return db.inTransaction((tx) => isInvited(tx, token, String(email), clock()))
}

async function admitFirst(
  { db, clock }: Deps,
  { headers, body }: Pick<FastifyRequest, 'headers' | 'body'>,
  signUp: () => Promise<Response>,
): Promise<Response> {
  const token = String(headers['usageflow-first-owner-token'])
  const isTaken = await db.inTransaction((tx) => takeFirstOwnerToken(tx, token, clock()))
  if (!isTaken) throw failures.firstOwnerToken()
  const answer = await signUp()
  const { email } = (body ?? {}) as { email?: unknown }
  await db.inTransaction((tx) =>
    answer.ok ? welcomeFirstOwner(tx, String(email)) : giveFirstOwnerTokenBack(tx, token),
  )
  return answer
}

import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import type { twoFactor } from 'better-auth/plugins/two-factor'
import { z } from 'zod'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'

/** The organization whose issuer alone lets the person in; null: a password does. */
export type MustSignOn = (tx: Tx, userId: string) => Promise<string | null>

const PATH = '/sign-on/enter'

/** Begins a session like any other. Called by this program alone: the path is not open. */
export function signOn() {
  return {
    id: 'sign-on',
    endpoints: {
      enterBySignOn: createAuthEndpoint(
        PATH,
        {
          method: 'POST',
          body: z.object({ userId: z.string() }),
          metadata: { SERVER_ONLY: true },
        },
        async (context) => {
          const { internalAdapter } = context.context
          const user = await internalAdapter.findUserById(context.body.userId)
          invariant(user !== null, 'whom an issuer lets in has an account')
          const session = await internalAdapter.createSession(user.id)
          await setSessionCookie(context, { session, user })
          return context.json({ entered: true })
        },
      ),
    },
  } as const
}

/** An issuer stands for the mailbox, not for the second factor: whoever has one is asked for it all the same. */
export function askedAfterSignOn<Plugin extends ReturnType<typeof twoFactor>>(
  plugin: Plugin,
): Plugin {
  const after = plugin.hooks.after.map((hook) => ({
    ...hook,
    matcher: (context: Parameters<typeof hook.matcher>[0]) =>
      context.path === PATH || hook.matcher(context),
  }))
  return { ...plugin, hooks: { ...plugin.hooks, after } }
}

/** Steps that come after a first one, which was asked already. */
const LATER_STEPS = /^\/(sign-on\/enter|change-password|two-factor\/[a-z-]+)$/

/** No session begins by a password where a person has to sign on: whichever way of the library it came. */
export function refuseBound({ db, mustSignOn }: { db: Database; mustSignOn: MustSignOn }) {
  return {
    session: {
      create: {
        async before(session: { userId: string }, context: { path?: string } | null) {
          if (LATER_STEPS.test(context?.path ?? '')) return
          const organizationId = await db.inTransaction((tx) => mustSignOn(tx, session.userId))
          if (organizationId === null) return
          throw new APIError('FORBIDDEN', {
            code: 'SIGN_ON_REQUIRED',
            message: `Your organization lets you in through its own sign-on only: go to /sign-in?organization=${organizationId}`,
            organizationId,
          })
        },
      },
    },
  }
}

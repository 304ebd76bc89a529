import { Failure } from '../platform/errors.ts'

export const failures = {
  sessionMissing: () => new Failure('unauthenticated', 'auth.session_missing', 'Sign in first.'),

  /** One answer for an ended, an expired and an invented session. */
  sessionRefused: () =>
    new Failure('unauthenticated', 'auth.session_refused', 'You are signed out. Sign in again.'),

  passwordWrong: () =>
    new Failure(
      'forbidden',
      'auth.password_wrong',
      'That is not the password that the account was made with.',
    ),

  originRefused: () =>
    new Failure(
      'forbidden',
      'auth.origin_refused',
      'This request was not sent by a page of this server. Open it at its own address and try again.',
    ),

  environmentMissing: () =>
    new Failure(
      'malformed',
      'auth.environment_missing',
      'Say which environment you mean: `UsageFlow-Organization: org_…` and `UsageFlow-Environment: live` or `test`.',
    ),

  roleForbids: (role: string, permission: string, roles: readonly string[]) =>
    new Failure(
      'forbidden',
      'auth.role_forbids',
      `As ${role} you may not do that; it takes ${roles.join(' or ')}.`,
      { permission, roles },
    ),

  organizationUnknown: (organizationId: string) =>
    new Failure(
      'not_found',
      'organization.unknown',
      `There is no organization "${organizationId}" that you belong to.`,
    ),

  organizationDeleted: (eraseAt: Date) =>
    new Failure(
      'forbidden',
      'organization.deleted',
      `This organization was deleted, and is erased on ${eraseAt.toISOString()}. Until then an OWNER can restore it.`,
      { eraseAt: eraseAt.toISOString() },
    ),

  nameDiffers: () =>
    new Failure(
      'invalid',
      'organization.name_differs',
      'Type the name of the organization, letter by letter, to delete it.',
    ),

  notDeleted: () =>
    new Failure('conflict', 'organization.not_deleted', 'Nobody has deleted this organization.'),

  sessionUnknown: (sessionId: string) =>
    new Failure('not_found', 'session.unknown', `You have no session "${sessionId}".`),

  userUnknown: (email: string) =>
    new Failure('not_found', 'user.unknown', `No account has the address "${email}".`),

  memberUnknown: (userId: string) =>
    new Failure('not_found', 'member.unknown', `No member has the id "${userId}".`),

  /** Nobody could then let anybody in again, nor give the organization to somebody else. */
  lastOwner: () =>
    new Failure(
      'conflict',
      'member.last_owner',
      'This is the only OWNER. Make somebody else OWNER first.',
    ),

  memberAlready: (email: string) =>
    new Failure('conflict', 'member.exists', `"${email}" belongs to the organization already.`),

  roleAboveYou: (role: string) =>
    new Failure(
      'forbidden',
      'member.role_above_you',
      `Only somebody who is ${role} can give or take the role ${role}.`,
    ),

  invitationOpen: (email: string) =>
    new Failure(
      'conflict',
      'invitation.open',
      `"${email}" has an invitation that is still open. Revoke it to send another.`,
    ),

  invitationUnknown: (invitationId: string) =>
    new Failure(
      'not_found',
      'invitation.unknown',
      `There is no open invitation "${invitationId}".`,
    ),

  /** One answer for an invented, a used, a revoked and an expired one. */
  invitationRefused: () =>
    new Failure(
      'forbidden',
      'invitation.refused',
      'This invitation is no longer good. Ask for another.',
    ),

  invitationOfAnother: () =>
    new Failure(
      'forbidden',
      'invitation.other_address',
      'This invitation was sent to another e-mail address. Sign in with that one.',
    ),

  keyAboveYou: (scopes: readonly string[]) =>
    new Failure(
      'forbidden',
      'key.scope_above_you',
      `A key may do no more than you: leave out ${scopes.join(', ')}.`,
      { scopes },
    ),

  outboxClosed: () =>
    new Failure(
      'not_found',
      'outbox.closed',
      'The outbox is open only on the machine of a developer, while no mail server is set.',
    ),

  /** The same whether there is such an account or not. */
  tooManyTries: (retryAfter: number) =>
    new Failure(
      'limited',
      'auth.too_many_tries',
      `That was tried too often. Wait ${retryAfter} seconds.`,
      { retryAfter },
    ),

  signUpClosed: () =>
    new Failure(
      'forbidden',
      'auth.sign_up_closed',
      'New accounts are made by invitation here. Open the link of your invitation, or ask an administrator for one.',
    ),

  firstOwnerToken: () =>
    new Failure(
      'forbidden',
      'auth.first_owner_token',
      'The first account takes the token that the server printed when it started for the first time, in `UsageFlow-First-Owner-Token`.',
    ),
}

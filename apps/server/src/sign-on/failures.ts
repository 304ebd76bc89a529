import { Failure } from '../platform/errors.ts'

export const failures = {
  /** The same for an organization that there is not and one that has no connection. */
  signOnUnknown: () =>
    new Failure(
      'not_found',
      'sign_on.unknown',
      'No organization signs on with this address. Sign in with your password, or ask an OWNER.',
    ),

  connectionUnknown: () =>
    new Failure(
      'not_found',
      'sign_on.connection_unknown',
      'This organization has no connection for sign-on. Set one up first.',
    ),

  issuerMalformed: () =>
    new Failure(
      'invalid',
      'sign_on.issuer_malformed',
      'Give the issuer as an https address without user, query or fragment, like https://login.example.com.',
    ),

  /** One answer for what we do not reach and what we do not want to. */
  issuerUnreachable: (issuer: string) =>
    new Failure(
      'invalid',
      'sign_on.issuer_unreachable',
      `Nothing answers at ${issuer}/.well-known/openid-configuration. Check the address of the issuer.`,
    ),

  issuerRefused: (issuer: string, reason: string) =>
    new Failure(
      'invalid',
      'sign_on.issuer_refused',
      `What ${issuer} says about itself cannot be used: ${reason}`,
    ),

  /** Else whoever may change the issuer could have the secret sent to a server of theirs. */
  secretMissing: () =>
    new Failure(
      'invalid',
      'sign_on.secret_missing',
      'Give the client secret: it is needed for a new connection, and again when issuer or client change.',
    ),

  domainMissing: () =>
    new Failure(
      'conflict',
      'sign_on.domain_missing',
      'No e-mail domain is allowed for this organization yet. The operator of the server allows one with `usageflow sign-on allow-domain`.',
    ),

  domainMalformed: (domain: string) =>
    new Failure('invalid', 'sign_on.domain_malformed', `"${domain}" is no domain of e-mail.`),

  domainTaken: (domain: string) =>
    new Failure(
      'conflict',
      'sign_on.domain_taken',
      `Another organization speaks for ${domain}. Forbid it there first.`,
    ),

  domainUnknown: (domain: string) =>
    new Failure(
      'not_found',
      'sign_on.domain_unknown',
      `The domain ${domain} is not allowed for this organization.`,
    ),

  /** One answer for an invented, a used and an expired attempt, and one of another browser. */
  attemptRefused: () =>
    new Failure(
      'forbidden',
      'sign_on.attempt_refused',
      'This sign-on was begun elsewhere, too long ago, or has ended already. Begin again.',
    ),

  declined: (reason: string) =>
    new Failure(
      'forbidden',
      'sign_on.declined',
      `The issuer did not sign you on: ${reason}. Begin again, or ask an OWNER.`,
      { reason },
    ),

  answerRefused: (reason: string) =>
    new Failure(
      'forbidden',
      'sign_on.answer_refused',
      'What the issuer answered cannot be believed. Begin again; if that does not help, an OWNER checks the connection.',
      { reason },
    ),

  emailUnverified: () =>
    new Failure(
      'forbidden',
      'sign_on.email_unverified',
      'The issuer does not say that your e-mail address is verified (`email_verified`). Have it verified there.',
    ),

  emailForeign: (domain: string) =>
    new Failure(
      'forbidden',
      'sign_on.email_foreign',
      `The organization does not speak for addresses of ${domain}.`,
    ),

  accountExists: () =>
    new Failure(
      'forbidden',
      'sign_on.account_exists',
      'Your address has an account that does not belong to the organization. Ask for an invitation, and accept it signed in with your password.',
    ),

  otherIdentity: () =>
    new Failure(
      'forbidden',
      'sign_on.other_identity',
      'The issuer knows your address under another identity than before. An OWNER removes you and invites you again, if it is still you.',
    ),
}

import { Failure } from '../platform/errors.ts'

export const failures = {
  keyMissing: () =>
    new Failure(
      'unauthenticated',
      'auth.key_missing',
      'Send your API key as `x-usageflow-api-key: uf_live_…` or `Authorization: Bearer uf_live_…`.',
    ),

  /** One answer for a typo, an unknown, an expired and a revoked key: none of them is confirmed to exist. */
  keyRefused: () =>
    new Failure(
      'unauthenticated',
      'auth.key_refused',
      'This API key is not valid. Check for typos, or whether it was revoked.',
    ),

  twoCredentials: () =>
    new Failure(
      'unauthenticated',
      'auth.two_credentials',
      'Send the API key once: in `x-usageflow-api-key` or in `Authorization`, not in both.',
    ),

  tooManyStrangers: () =>
    new Failure(
      'unavailable',
      'unavailable',
      'Too many unknown API keys are being checked right now. Retry in a second.',
    ),

  keyUnknown: (keyId: string) =>
    new Failure('not_found', 'key.unknown', `There is no API key "${keyId}".`),

  keyEnded: (keyId: string) =>
    new Failure(
      'conflict',
      'key.ended',
      `API key "${keyId}" was revoked or has expired; make a new one.`,
    ),

  /** A second successor would leave nobody knowing which key is in use, and a longer life to the first. */
  keyRotated: (keyId: string) =>
    new Failure(
      'conflict',
      'key.rotated',
      `API key "${keyId}" was rotated already: rotate its successor, or revoke it.`,
    ),

  organizationUnknown: (name: string) =>
    new Failure(
      'not_found',
      'organization.unknown',
      `There is no organization "${name}". List them with \`usageflow org list\`.`,
    ),

  organizationAmbiguous: (name: string) =>
    new Failure(
      'conflict',
      'organization.ambiguous',
      `Several organizations are called "${name}": use the id (org_…).`,
    ),

  nameMalformed: () =>
    new Failure('invalid', 'name.malformed', 'Give a name of 1 to 200 characters.'),

  scopesMissing: () =>
    new Failure(
      'invalid',
      'key.scopes_missing',
      'Give at least one scope: a key without may do nothing.',
    ),

  scopeUnknown: (scope: string, known: readonly string[]) =>
    new Failure(
      'invalid',
      'key.scope_unknown',
      `There is no scope "${scope}". The scopes are ${known.join(', ')}.`,
    ),
}

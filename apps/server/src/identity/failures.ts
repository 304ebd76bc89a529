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

  keyUnknown: (keyId: string) =>
    new Failure('not_found', 'key.unknown', `There is no API key "${keyId}".`),

  keyEnded: (keyId: string) =>
    new Failure(
      'conflict',
      'key.ended',
      `API key "${keyId}" was revoked or has expired; make a new one.`,
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

  scopeUnknown: (scope: string, known: readonly string[]) =>
    new Failure(
      'invalid',
      'key.scope_unknown',
      `There is no scope "${scope}". The scopes are ${known.join(', ')}.`,
    ),
}

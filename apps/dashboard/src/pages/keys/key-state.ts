import type { ApiKey } from '../../api/organization.ts'

/** What a key is at `now`: one that was rotated works until its grace ends. */
export function stateOfKey(
  { revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>,
  now: Date,
): 'active' | 'ending' | 'expired' | 'revoked' {
  if (revokedAt !== null) return 'revoked'
  if (expiresAt === null) return 'active'
  return new Date(expiresAt) > now ? 'ending' : 'expired'
}

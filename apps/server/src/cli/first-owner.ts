import type { Config } from '../config.ts'
import { renewFirstOwnerToken } from '../identity/first-owner.ts'
import { say } from './print.ts'
import { withDatabase } from './with-database.ts'

/** `usageflow first-owner`: another token for the first account, in place of one that was lost. */
export async function newFirstOwnerToken(config: Config): Promise<void> {
  const token = await withDatabase(config, renewFirstOwnerToken)
  if (token === null)
    return say('Somebody has an account already: sign in, or ask them to invite you.')
  say(`The first account takes this token: ${token}`)
}

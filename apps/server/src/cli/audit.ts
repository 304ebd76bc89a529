import { verifyChain } from '../audit/seal-chain.ts'
import type { Config } from '../config.ts'
import { findOrganization } from '../identity/create-organization.ts'
import { say, sayJson } from './print.ts'
import { NotVerified } from './verify.ts'
import { onDatabase } from './with-database.ts'

/** `usageflow audit verify`: computes the chain again. Throws `NotVerified` where it does not hold. */
export async function verifyAudit(
  config: Config,
  org: string,
  flags: { readonly json?: boolean },
): Promise<void> {
  const report = await onDatabase(config, async (database) => {
    const { id } = await database.inTransaction((tx) => findOrganization(tx, org))
    return verifyChain(database, id)
  })
  const { sealed, waiting, head, broken } = report
  if (flags.json) sayJson({ ...report, sealed: Number(sealed) })
  if (broken) throw new NotVerified(`The log is not whole: at ${broken.entryId}, ${broken.why}.`)
  if (flags.json) return
  say(`${sealed} entries are as they were written; ${waiting} wait for their seal.`)
  say(
    `The last seal is ${head}. Keep it elsewhere: it proves later that nothing before it was changed.`,
  )
}

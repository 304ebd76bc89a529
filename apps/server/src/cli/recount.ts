import { findMeter } from '../catalog/find-meter.ts'
import { type Config, ConfigError } from '../config.ts'
import { environmentOf, findOrganization } from '../identity/create-organization.ts'
import { recount } from '../metering/recount.ts'
import { systemClock } from '../platform/clock.ts'
import { noteOperator } from './note-operator.ts'
import { say, sayJson } from './print.ts'
import { onDatabase } from './with-database.ts'

type Asked = {
  readonly org: string
  readonly meter: string
  readonly mode: string
  readonly customer: string
  readonly from: Date
  readonly to: Date
}

/** `usageflow recount`: repairs sums of usage that the events do not confirm, and names them. */
export async function recountUsage(
  config: Config,
  asked: Asked,
  flags: { readonly json?: boolean },
): Promise<void> {
  const { org, mode, customer, from, to } = asked
  if (from >= to) throw new ConfigError('--from: must be before --to')
  const wrong = await onDatabase(config, async (database) => {
    const { envId, meter } = await database.inTransaction(async (tx) => {
      const { id } = await findOrganization(tx, org)
      const { envId } = await environmentOf(tx, id, mode === 'live' ? 'live' : 'test')
      const meter = await findMeter(tx, envId, asked.meter)
      const change = { organizationId: id, envId, target: meter.id, sent: { customer, from, to } }
      await noteOperator(tx, { ...change, action: 'usageflow recount', at: systemClock() })
      return { envId, meter }
    })
    return recount(database, envId, { meter, customer, from, to })
  })
  if (flags.json) return sayJson({ repaired: wrong.map((hour) => hour.toISOString()) })
  if (wrong.length === 0) return say('Every hour was right: nothing was changed.')
  for (const hour of wrong) say(`${hour.toISOString()} was wrong, and was counted anew.`)
}

import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { finish } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { scheduleNoLater } from '../platform/due/schedule.ts'
import type { DueHandler } from '../platform/due/worker.ts'
import { FACT_KIND } from '../platform/facts/append-fact.ts'
import { selectFacts } from '../platform/facts/facts.store.ts'
import { newId } from '../platform/id.ts'
import { DUE_KIND } from './endpoint.ts'
import { isWanted } from './fact-types.ts'
import { insertDeliveries } from './webhook-deliveries.store.ts'
import { keepEnabledEndpoints } from './webhook-endpoints.store.ts'

const FACTS_AT_ONCE = 200

/** Hands facts on to the endpoints that want them. */
export function fanOutFacts(deps: { readonly db: Database }): DueHandler {
  return {
    kind: FACT_KIND,
    batchMax: FACTS_AT_ONCE,
    run: (jobs) => deps.db.inTransaction((tx) => fanOut(tx, jobs)),
  }
}

/**
 * Makes one delivery for each fact and each enabled endpoint that wants it. All jobs are of one
 * environment. A second time changes nothing: a fact has one delivery to an endpoint.
 */
async function fanOut(tx: Tx, jobs: readonly Job[]): Promise<void> {
  const [first] = jobs
  if (!first) return
  const { envId, now } = first
  const refs = jobs.map((job) => job.ref)
  const facts = await selectFacts(tx, envId, refs)
  // Kept until we commit: an endpoint is neither disabled nor moved to the other lane meanwhile.
  const endpoints = await keepEnabledEndpoints(tx, envId)
  const deliveries = facts.flatMap((fact) =>
    endpoints
      .filter((endpoint) => isWanted(endpoint.eventTypes, fact.type))
      .map((endpoint) => ({ id: newId('whd'), endpointId: endpoint.id, factId: fact.id })),
  )
  if (deliveries.length > 0) {
    await insertDeliveries(tx, envId, deliveries, now)
    const told = new Set(deliveries.map((delivery) => delivery.endpointId))
    const work = endpoints
      .filter(({ id }) => told.has(id))
      .map(({ id, pace }) => ({ kind: DUE_KIND[pace], ref: id, at: now }))
    await scheduleNoLater(tx, envId, work)
  }
  await finish(tx, jobs)
}

import type { Tx } from '../../platform/db/transaction.ts'
import { newId } from '../../platform/id.ts'
import type { Reporter, Sample } from './report.ts'
import { insertSamples, selectSampleCounts } from './samples.store.ts'
import type { EndpointIds } from './see-endpoints.ts'
import { startOf } from './window.ts'

/** Of one application in one minute. They are examples: the first ones do as well as any. */
const SAMPLES_MAX = 100

/** Keeps single requests, as many of a minute as there is room for. */
export async function addSamples(
  tx: Tx,
  { envId, application }: Reporter,
  samples: readonly Sample[],
  endpointIdOf: EndpointIds,
): Promise<void> {
  if (samples.length === 0) return
  const minuteOf = ({ at }: Sample) => startOf(at, 'minute').getTime()
  const minutes = [...new Set(samples.map(minuteOf))].map((ms) => new Date(ms))
  const stored = await selectSampleCounts(tx, envId, application.id, minutes)
  const counts = new Map(stored.map(({ minute, count }) => [minute.getTime(), count]))
  const fitting = samples.filter((sample) => {
    const count = (counts.get(minuteOf(sample)) ?? 0) + 1
    counts.set(minuteOf(sample), count)
    return count <= SAMPLES_MAX
  })
  const named = fitting.map((sample) => ({
    ...{ ...sample, id: newId('smp'), endpointId: endpointIdOf(sample) },
  }))
  if (named.length > 0) await insertSamples(tx, envId, application.id, named)
}

import type { Tx } from '../../platform/db/transaction.ts'
import { seeApplication } from '../see-application.ts'
import { addDecisions } from './add-decisions.ts'
import { addSamples } from './add-samples.ts'
import { addStatistics } from './add-statistics.ts'
import { addLosses, type Loss } from './losses.store.ts'
import { addLeftOut, advanceProducer } from './producers.store.ts'
import { counts, type Report, type Reporter } from './report.ts'
import { seeEndpoints } from './see-endpoints.ts'
import { startOf } from './window.ts'

/**
 * Everything in the report is counted, once: the same report again is a `duplicate`, also while the first is under way.
 * Rows of a time that does not count, and such as there is no room for, are noted as left out.
 *
 * All that may wait for another report comes in the same order in each: producer, application, and then the rows of
 * each table by their keys.
 */
export async function recordReport(
  tx: Tx,
  envId: number,
  report: Report,
  systemNow: Date,
): Promise<'recorded' | 'duplicate'> {
  const gap = await advanceProducer(tx, envId, report, systemNow)
  if (gap === null) return 'duplicate'
  const application = await seeApplication(tx, envId, report.application, systemNow)
  const reporter = { envId, application, systemNow }
  const { timely, lateCount } = withoutLate(report, systemNow)
  const names = { seen: [...timely.statistics, ...timely.samples], declared: report.routes }
  const endpointIdOf = await seeEndpoints(tx, reporter, names)
  await addStatistics(tx, envId, timely.statistics, endpointIdOf)
  const homeless = await addDecisions(tx, envId, application.name, timely.decisions)
  await addSamples(tx, reporter, timely.samples, endpointIdOf)
  const leftOut = lateCount + homeless
  if (leftOut > 0) await addLeftOut(tx, envId, report.producer, leftOut)
  await noteLosses(tx, reporter, [
    { kind: 'reports_missed', count: gap.missed },
    { kind: 'rows_left_out', count: leftOut },
    { kind: 'usage_lost', count: gap.lost },
  ])
  return 'recorded'
}

async function noteLosses(
  tx: Tx,
  { envId, application, systemNow }: Reporter,
  all: readonly Loss[],
): Promise<void> {
  const losses = all.filter(({ count }) => count > 0)
  if (losses.length === 0) return
  const startsAt = startOf(systemNow, 'hour')
  await addLosses(tx, envId, application.name, { losses, startsAt, at: systemNow })
}

function withoutLate(report: Report, systemNow: Date) {
  const timely = {
    statistics: report.statistics.filter(({ minute }) => counts(minute, systemNow)),
    decisions: report.decisions.filter(({ minute }) => counts(minute, systemNow)),
    samples: report.samples.filter(({ at }) => counts(at, systemNow)),
  }
  const rowsOf = ({ statistics, decisions, samples }: typeof timely | Report) =>
    statistics.length + decisions.length + samples.length
  return { timely, lateCount: rowsOf(report) - rowsOf(timely) }
}

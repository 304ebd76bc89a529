import { type LoadOrder, runLoad } from './load.ts'
import { postgresCpuUs, processCpuUs } from './machine.ts'

/** What one run of one case showed. */
export type Measurement = {
  readonly eventsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** CPU time per event, in microseconds, by who used it; null where it cannot be read. */
  readonly serverUs: number | null
  readonly postgresUs: number | null
  readonly loadUs: number | null
  /** From the end of the load until every event of it was counted, and how far behind counting was then. */
  readonly rollUpMs: number | null
  readonly behindMs: number | null
  /** The most memory that the server ever held. */
  readonly peakMemoryMb: number | null
}

/** The processes whose CPU time is counted. */
export type Site = { readonly serverPid: number; readonly postmasterPid: number }

export type Times = { readonly warmUpMs: number; readonly measureMs: number }

type Cpu = { readonly serverUs: number | null; readonly postgresUs: number | null }

/** Reads what the processes of a site have used so far. */
export function readCpu(site: Site): Cpu {
  return {
    serverUs: processCpuUs(site.serverPid),
    postgresUs: postgresCpuUs(site.postmasterPid),
  }
}

/** CPU time per event between two readings. */
export function cpuPerEvent(before: Cpu, after: Cpu, events: number): Cpu {
  const per = (from: number | null, to: number | null) =>
    from === null || to === null ? null : (to - from) / events
  return {
    serverUs: per(before.serverUs, after.serverUs),
    postgresUs: per(before.postgresUs, after.postgresUs),
  }
}

/** Sends a load to a server and says what it cost. `events` counts every one that was stored, ever. */
export async function measureLoad(
  order: LoadOrder,
  site: Site,
): Promise<{ measurement: Measurement; recorded: number; duplicates: number }> {
  let before = readCpu(site)
  let after = before
  const report = await runLoad(order, (when) => {
    if (when === 'measuring') before = readCpu(site)
    else after = readCpu(site)
  })
  const events = report.latenciesMs.length * order.eventsPerRequest
  const measurement = {
    eventsPerSecond: (events / report.windowMs) * 1_000,
    ...percentiles(report.latenciesMs),
    ...cpuPerEvent(before, after, events),
    loadUs: report.cpuUs / events,
    rollUpMs: null,
    behindMs: null,
    peakMemoryMb: null,
  }
  return { measurement, recorded: report.recorded, duplicates: report.duplicates }
}

/** The latency that half of the requests, and all but one in a hundred, stayed below. */
export function percentiles(latenciesMs: readonly number[]): { p50Ms: number; p99Ms: number } {
  const sorted = Float64Array.from(latenciesMs).sort()
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

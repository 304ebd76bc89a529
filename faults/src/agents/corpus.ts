import path from 'node:path'
import { type Finding, printTable } from '../report.ts'
import type { Setting } from '../scenarios.ts'
import { makeTls } from './certificates.ts'
import { FRAMEWORKS, type Framework, type HostProgram, prepare, startHost } from './hosts.ts'
import { targetAt } from './load.ts'
import { FAULTS } from './server-faults.ts'
import { runTrial } from './trial.ts'

/** How much is asked of each language, and how fast. */
const FULL = {
  node: { requests: 100_000, perSecond: 1_000 },
  go: { requests: 10_000, perSecond: 200 },
  python: { requests: 10_000, perSecond: 200 },
} as const
const SMALL = { requests: 240, perSecond: 30 } as const

/**
 * A UsageFlow that fails in twelve ways, under a host of each framework. In the small size all faults of a
 * framework come at once, each to a host of its own; in the full one after the other, so that times mean something.
 */
export async function failAgents(setting: Setting): Promise<Finding[]> {
  const { folder, framework, fault, isFull } = setting
  const tls = makeTls(path.join(folder, 'tls'))
  const faults = FAULTS.filter((one) => fault === null || one === fault)
  const findings: Finding[] = []
  for (const one of FRAMEWORKS.filter((one) => framework === null || one === framework)) {
    const startedAt = performance.now()
    const program = prepare(one, folder)
    const size = sizeFor(program, setting)
    const bare = await startHost(program, 'bare', { BARE: '1' })
    const course = { ...size, program, tls, bare: targetAt(bare.port) }
    try {
      const found = isFull
        ? await inTurn(faults, (fault) => runTrial({ ...course, fault }))
        : await Promise.all(faults.map((fault) => runTrial({ ...course, fault })))
      findings.push(...found.flat())
    } finally {
      await bare.stop()
    }
    tell(one, { ...size, faults: faults.length, startedAt })
  }
  return findings
}

function sizeFor({ language }: HostProgram, { isFull, requests, perSecond }: Setting) {
  const size = isFull ? FULL[language] : SMALL
  return { requests: requests ?? size.requests, perSecond: perSecond ?? size.perSecond }
}

function tell(
  framework: Framework,
  did: { requests: number; perSecond: number; faults: number; startedAt: number },
): void {
  const tookS = Math.round((performance.now() - did.startedAt) / 1_000)
  printTable(framework, [
    ['faults', String(did.faults)],
    ['requests', `${did.requests} for each, ${did.perSecond} a second`],
    ['took', `${tookS} s`],
  ])
}

async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await act(item))
  return results
}

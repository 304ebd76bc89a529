import { fork } from 'node:child_process'
import path from 'node:path'
import { endWithUs } from './processes.ts'
import type { RequestShape } from './requests.ts'

/** What to send, over how many connections, and for how long. */
export type LoadOrder = RequestShape & {
  readonly connections: number
  readonly warmUpMs: number
  readonly measureMs: number
}

/** What came of a load. The counts include the warm-up, the latencies do not. */
export type LoadReport = {
  readonly latenciesMs: readonly number[]
  readonly windowMs: number
  /** CPU time of the load itself. */
  readonly cpuUs: number
  readonly recorded: number
  readonly duplicates: number
  readonly refused: number
  readonly firstRefusal: string | null
}

export type LoadMessage =
  | { readonly kind: 'measuring' | 'measured' }
  | { readonly kind: 'report'; readonly report: LoadReport }
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * Runs a load in a process of its own. `mark` is called when the measured part begins and when it
 * ends. Throws when the load breaks off or an event is refused: then its figures mean nothing.
 */
export function runLoad(
  order: LoadOrder,
  mark: (when: 'measuring' | 'measured') => void,
): Promise<LoadReport> {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(import.meta.dirname, 'load-generator.ts'), {
      execArgv: ['--import', 'tsx'],
    })
    endWithUs(child)
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`the load generator ended with code ${code}`)))
    child.on('message', (message: LoadMessage) => {
      if (message.kind === 'failed') reject(new Error(message.reason))
      else if (message.kind !== 'report') mark(message.kind)
      else if (message.report.refused === 0) resolve(message.report)
      else reject(new Error(`events were refused: ${message.report.firstRefusal}`))
    })
    child.send(order)
  })
}

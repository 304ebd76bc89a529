import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { isReady, type ProcessSpec, type Product, startProcess } from './product.ts'

/** Keeps one process of the product running, and knows who ended it. */
export type Supervised = {
  readonly spec: ProcessSpec
  /** Kills it as the kernel does when memory runs out. Resolves once its successor is ready. */
  kill(): Promise<Recovery>
  /** Stops it where it is, like a host that has no time for it. Returns what lets it go on. */
  pause(): () => void
  /** Resolves once it is ready. Rejects after two minutes. */
  ready(): Promise<void>
  /** Asks it to end, as an operator does. Resolves to how it ended. */
  stop(): Promise<string>
  pid(): number
}

export type Recovery = {
  /** From the kill to the first successful readiness check of the successor. */
  readonly readyMs: number
}

/** A process that ended although nobody ended it: after whatever fault, there must be none. */
export type SelfExit = { readonly name: string; readonly how: string; readonly at: number }

const READY_TIMEOUT_MS = 120_000 // for what hangs: the machine may be busy
const READY_POLL_MS = 20
const STOP_TIMEOUT_MS = 15_000
const BACKOFF_FIRST_MS = 100
const BACKOFF_MAX_MS = 2_000

/** Starts the process and starts it again whenever it ends; `onSelfExit` hears of what it did itself. */
export function supervise(
  product: Product,
  spec: ProcessSpec,
  onSelfExit: (exit: SelfExit) => void,
): Supervised {
  let child: ChildProcess
  let isStopping = false
  let isKilled = false
  let selfExits = 0

  const start = () => {
    child = startProcess(product, spec)
    child.once('exit', (code, signal) => {
      if (isStopping) return
      if (isKilled) {
        isKilled = false
        start()
        return
      }
      onSelfExit({ name: spec.name, how: describe(code, signal), at: Date.now() })
      const delayMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** selfExits++)
      setTimeout(() => {
        if (!isStopping) start()
      }, delayMs)
    })
  }
  start()

  return {
    spec,
    pid: () => child.pid ?? 0,
    pause() {
      const paused = child
      paused.kill('SIGSTOP')
      return () => void paused.kill('SIGCONT')
    },
    ready: () => untilReady(spec),
    async kill() {
      const killedAt = performance.now()
      const dead = ended(child)
      isKilled = true
      child.kill('SIGKILL')
      await dead // else the dying process might still answer that it is ready
      await untilReady(spec)
      return { readyMs: performance.now() - killedAt }
    },
    async stop() {
      isStopping = true
      if (child.exitCode !== null || child.signalCode !== null)
        return describe(child.exitCode, child.signalCode)
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
      const how = await ended(child)
      clearTimeout(timer)
      return how
    },
  }
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve(describe(code, signal))),
  )
}

function describe(code: number | null, signal: string | null): string {
  return signal ? `killed by ${signal}` : `exit ${code}`
}

async function untilReady(spec: ProcessSpec): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS
  while (performance.now() < deadline) {
    if (await isReady(spec)) return
    await sleep(READY_POLL_MS)
  }
  throw new Error(`${spec.name} was not ready within ${READY_TIMEOUT_MS / 1000} s; see its log`)
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../packages/pricing/oracle/oracle.py', import.meta.url))

/** A process of the second implementation. */
export type Oracle = {
  /** The answers to cases, in their order. Several batches may be under way. */
  ask(cases: readonly string[]): Promise<string[]>
  stop(): void
}

/** Whether there is a Python to run it. */
export function hasPython(): boolean {
  return spawnSync('python3', ['--version']).status === 0
}

export function startOracle(): Oracle {
  const oracle = spawn('python3', [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting: Batch[] = []
  readAnswers(oracle, waiting)
  return {
    ask: (cases) =>
      new Promise((resolve, reject) => {
        if (cases.length === 0) resolve([])
        else {
          waiting.push({ wanted: cases.length, answers: [], resolve, reject })
          oracle.stdin.write(`${cases.join('\n')}\n\n`)
        }
      }),
    stop: () => void oracle.stdin.end(),
  }
}

type Batch = {
  readonly wanted: number
  readonly answers: string[]
  readonly resolve: (answers: string[]) => void
  readonly reject: (error: Error) => void
}

function readAnswers(oracle: ChildProcess, waiting: Batch[]): void {
  let rest = ''
  oracle.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [batch] = waiting
      if (!batch) throw new Error(`the oracle answers what nobody asked: ${line}`)
      batch.answers.push(line)
      if (batch.answers.length === batch.wanted) waiting.shift()?.resolve(batch.answers)
    }
  })
  const fail = (error: Error) => {
    for (const batch of waiting.splice(0)) batch.reject(error)
  }
  oracle.on('error', fail)
  oracle.on('exit', () => fail(new Error('the oracle ended before it had answered')))
  oracle.stdin?.on('error', fail)
}

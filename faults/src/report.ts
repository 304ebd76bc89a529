import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** One thing that had to hold, and whether it did. */
export type Finding = {
  readonly name: string
  /** A figure, or what was looked at. */
  readonly said: string
  readonly holds: boolean
  /** True for a time that a busy machine may miss, although nothing is wrong with the product. */
  readonly isTiming?: true
  /** Some of what was wrong, a line each. */
  readonly examples: readonly string[]
}

/** A finding about a number of things that must be none. */
export function none(name: string, wrong: readonly string[], lookedAt = ''): Finding {
  const said = `${wrong.length}${lookedAt && ` of ${lookedAt}`}`
  return { name, said, holds: wrong.length === 0, examples: wrong.slice(0, 10) }
}

/** A finding about a figure with a limit. */
export function atMost(name: string, valuesMs: readonly number[], limitMs: number): Finding {
  const worst = Math.max(0, ...valuesMs)
  const said = `${seconds(worst)} at most, ${seconds(median(valuesMs))} in the middle (limit ${seconds(limitMs)})`
  return { name, said, holds: worst <= limitMs, isTiming: true, examples: [] }
}

export function atLeast(name: string, value: number, wanted: number): Finding {
  return { name, said: `${value} (at least ${wanted})`, holds: value >= wanted, examples: [] }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

export function seconds(timeMs: number): string {
  return `${(timeMs / 1000).toFixed(2)} s`
}

/** Prints a heading and its rows, aligned. */
export function printTable(heading: string, rows: readonly (readonly [string, string])[]): void {
  const width = Math.max(...rows.map(([name]) => name.length))
  console.log(`\n${heading}`)
  for (const [name, value] of rows) console.log(`  ${name.padEnd(width)}  ${value}`)
}

/** Prints what was found; what is excused did not hold, and fails nothing. */
export function printFindings(
  findings: readonly Finding[],
  isExcused: (finding: Finding) => boolean = () => false,
): void {
  const width = Math.max(...findings.map(({ name }) => name.length))
  console.log('\nFound')
  for (const finding of findings) {
    const { name, said, holds, examples } = finding
    const verdict = holds ? 'ok  ' : isExcused(finding) ? 'slow' : 'FAIL'
    console.log(`  ${verdict} ${name.padEnd(width)}  ${said}`)
    if (!holds) for (const example of examples) console.log(`         ${example.slice(0, 600)}`)
  }
}

type Reconciled = {
  readonly checks: readonly {
    readonly name: string
    readonly promise: string
    readonly lookedAt: number
    readonly broken: number
    readonly examples: readonly string[]
  }[]
  readonly counts: Readonly<Record<string, number>>
}

const RECONCILER = fileURLToPath(new URL('../reconcile.py', import.meta.url))

/** Has the reconciler compare, in a process and a language of its own. */
export async function reconcile(
  folder: string,
): Promise<{ findings: Finding[]; counts: Readonly<Record<string, number>> }> {
  const child = spawn('python3', ['-B', RECONCILER, folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [said, complaint, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    }),
  ])
  if (code !== 0 && code !== 1) throw new Error(`the reconciler ended with ${code}: ${complaint}`)
  if (said.trim() === '') throw new Error(`the reconciler said nothing: ${complaint}`)
  const { checks, counts } = JSON.parse(said) as Reconciled
  const findings = checks.map(({ name, promise, lookedAt, broken, examples }) => ({
    name: `${name} ${promise}`,
    said: `${broken} broken of ${lookedAt}`,
    holds: broken === 0,
    examples,
  }))
  return { findings, counts }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

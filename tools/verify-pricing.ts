/**
 * `npm run verify:pricing`: random invoices, computed by packages/pricing and by a second implementation
 * that shares no code with it (packages/pricing/oracle), and compared in every field.
 */
import { fileURLToPath } from 'node:url'
import * as sound from '../packages/pricing/src/index.ts'
import { type Difference, firstDifference } from './verify-pricing/compare.ts'
import { brokenPricing } from './verify-pricing/defects.ts'
import { type Options, readOptions, USAGE } from './verify-pricing/options.ts'
import { startOracle } from './verify-pricing/oracle.ts'
import { shrunk } from './verify-pricing/shrink.ts'
import { tallyOf } from './verify-pricing/tally.ts'

const PROGRESS_MS = 10_000

/** The first difference, made as small as it can be, or null. `say` gets what is to be told meanwhile. */
export async function verifyPricing(
  options: Options,
  say: (text: string) => void,
): Promise<Difference | null> {
  const { defect, processes } = options
  const pricing = defect === null ? sound : await brokenPricing(defect)
  if (defect !== null) say(`broken on purpose: ${defect.why}`)
  const oracles = Array.from({ length: processes }, startOracle)
  try {
    const progress = progressOf(options.cases, say)
    const found = await firstDifference({ ...options, pricing, oracles, progress })
    const [oracle] = oracles
    return found && oracle ? await shrunk(pricing, oracle, found) : null
  } finally {
    for (const oracle of oracles) oracle.stop()
  }
}

/** Tells, every few seconds, how many cases agreed and how many that is a second. */
function progressOf(cases: number, say: (text: string) => void): (more: number) => void {
  const startedAt = performance.now()
  let done = 0
  let toldAt = startedAt
  return (more) => {
    done += more
    const now = performance.now()
    if (now - toldAt < PROGRESS_MS && done < cases) return
    toldAt = now
    const rate = Math.round((done * 1000) / (now - startedAt))
    say(`${grouped(done)} of ${grouped(cases)} cases, ${grouped(rate)} a second`)
  }
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

function describe({ index, given, ours, theirs }: Difference, options: Options): string {
  const { seed, from, defect } = options
  const after = `a difference after ${index - from + 1} cases, in number ${index} of seed ${seed}`
  const lines = [`${after}; made smaller:`, JSON.stringify(given)]
  const [ourFields, theirFields] = [ours, theirs].map(
    (answer) => JSON.parse(answer) as Record<string, unknown>,
  )
  for (const field of new Set([...Object.keys({ ...ourFields, ...theirFields })])) {
    const [our, their] = [ourFields?.[field], theirFields?.[field]].map((of) => JSON.stringify(of))
    if (our !== their)
      lines.push(`${field}`, `  packages/pricing  ${our}`, `  oracle            ${their}`)
  }
  const again = [`--seed ${seed} --from ${index} --cases 1`, defect && `--defect ${defect.name}`]
  return [...lines, `Again: npm run verify:pricing -- ${again.filter(Boolean).join(' ')}`].join(
    '\n',
  )
}

async function run(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const options = readOptions(argv)
  const difference = await verifyPricing(options, console.log)
  if (difference !== null) {
    console.log(describe(difference, options))
    return 1
  }
  console.log(tallyOf(options))
  console.log(options.defect === null ? '0 differences' : `NOT NOTICED: ${options.defect.name}`)
  return 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await run(process.argv.slice(2)).catch((error) => {
    console.error(error)
    return 2
  })
}

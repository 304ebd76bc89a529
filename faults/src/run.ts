import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { breakProduct } from './defects.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { PROGRAM } from './product.ts'
import { randomOf } from './random.ts'
import { type Finding, printFindings } from './report.ts'
import { type Scenario, scenariosOf } from './scenarios.ts'

/** Runs the scenarios asked for. Resolves to the exit code: 0 when everything held. */
async function run(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const options = readOptions(argv)
  let isFine = true
  for (const [name, scenario] of scenariosOf(options.mode)) {
    isFine = (await runScenario(name, scenario, options)) && isFine
  }
  if (options.defect === null) return isFine ? 0 : 1
  console.log(isFine ? `\nNOT NOTICED: ${options.defect}` : `\nnoticed: ${options.defect}`)
  return isFine ? 0 : 1
}

async function runScenario(name: string, scenario: Scenario, options: Options): Promise<boolean> {
  const { seed, defect } = options
  console.log(`\n${name}: seed=${seed} commit=${commit()}${defect ? ` defect=${defect}` : ''}`)
  const folder = options.folder
    ? path.join(options.folder, name)
    : mkdtempSync(path.join(os.tmpdir(), 'usageflow-faults-'))
  const sound = path.resolve(options.program ?? PROGRAM)
  const program = defect === null ? sound : await breakProduct(defect, sound)
  const findings = await scenario({
    ...options,
    folder,
    program,
    random: randomOf(seed).fork(name),
  })
  // A defect is noticed by a broken promise: that the machine was slow says nothing.
  const isUntimed = options.isUntimed || defect !== null
  const isExcused = ({ isTiming }: Finding): boolean => isUntimed && isTiming === true
  printFindings(findings, isExcused)
  const isFine = findings.every((finding) => finding.holds || isExcused(finding))
  if (isFine && !options.keep && options.folder === null) rmSync(folder, { recursive: true })
  else console.log(`\nEverything is in ${folder}`)
  if (!isFine) console.log(`Again: npm run faults -- ${process.argv.slice(2).join(' ')}`)
  return isFine
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

process.exitCode = await run(process.argv.slice(2)).catch((error) => {
  console.error(error)
  return 2
})

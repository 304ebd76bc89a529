import os from 'node:os'
import { parseArgs } from 'node:util'
import { DEFECTS, type Defect } from './defects.ts'

export type Options = {
  readonly cases: number
  readonly seed: string
  /** The number of the first case. */
  readonly from: number
  /** How many processes of the oracle. */
  readonly processes: number
  readonly defect: Defect | null
}

const CASES = 100_000
const CASES_WITH_DEFECT = 10_000

export const USAGE = `npm run verify:pricing -- [options]

  --cases N        how many random cases (default: ${CASES}, with a defect ${CASES_WITH_DEFECT})
  --seed TEXT      every case comes from it and its number (default: 1)
  --from N         the number of the first case (default: 0)
  --processes N    processes of the second implementation (default: as many as cores)
  --defect NAME    breaks a copy of packages/pricing first: a difference must be found
                   (${Object.keys(DEFECTS).join(', ')})`

/** Reads the command line. Throws with a sentence for people. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      cases: { type: 'string' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      processes: { type: 'string', default: String(os.availableParallelism()) },
      defect: { type: 'string' },
    },
  })
  const defect = values.defect === undefined ? null : DEFECTS[values.defect]
  if (defect === undefined)
    throw new Error(`--defect is one of ${Object.keys(DEFECTS).join(', ')}, not ${values.defect}`)
  const cases = values.cases ?? String(defect === null ? CASES : CASES_WITH_DEFECT)
  return {
    cases: count('cases', cases, 1),
    seed: values.seed,
    from: count('from', values.from, 0),
    processes: count('processes', values.processes, 1),
    defect,
  }
}

function count(name: string, text: string, least: number): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < least)
    throw new Error(`--${name} takes a whole number from ${least} on`)
  return number
}

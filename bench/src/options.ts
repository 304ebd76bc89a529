import { parseArgs } from 'node:util'

export type Options = {
  readonly rounds: number
  readonly warmUpMs: number
  readonly measureMs: number
  /** How many rows stand in the table beside which is measured. */
  readonly storedRows: number
  /** Only cases whose name contains this. */
  readonly only: string | null
  /** Writes the results to `bench/results`. */
  readonly save: boolean
  /** Bills so many subscriptions, and measures nothing else. */
  readonly billing: number | null
  /** Asks whether customers may use a meter, and measures nothing else. */
  readonly access: boolean
  /** Measures the dashboard beside so many customers, and nothing else. */
  readonly dashboard: number | null
  /** Measures what the packages for frameworks cost their hosts, and nothing else. */
  readonly agents: boolean
  /** Compares what strangers are answered, and measures nothing else. */
  readonly walls: boolean
  /** To see that it runs. */
  readonly isQuick: boolean
  /** A floor that is not met is a failure of the command. */
  readonly floors: boolean
}

export const USAGE = `npm run bench -- [options]
  --quick         one round of two seconds, beside 1,000,000 rows: to see that it runs
  --only NAME     only the cases whose name contains NAME (may be given with a part of it)
  --rounds N      interleaved rounds; the table shows their medians (5)
  --seconds N     how long each run is measured (6)
  --stored N      rows to measure beside, in tens of thousands (1000)
  --billing N     close the month of N subscriptions, beside set-based SQL and killed in the middle
  --access        ask whether customers may use a meter, while their usage arrives
  --dashboard     how long the dashboard takes, beside a million events of 10,000 customers
  --agents        what the packages for frameworks cost their hosts; --only express for one of them
  --walls         whether the time of an answer tells what another organization has
  --floors        exit with 1 when a floor is not met
  --save          keep the results in bench/results`

/** Reads the arguments. Throws TypeError for one that does not exist, RangeError for a bad number. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      stored: { type: 'string' },
      billing: { type: 'string' },
      access: { type: 'boolean', default: false },
      agents: { type: 'boolean', default: false },
      dashboard: { type: 'boolean', default: false },
      floors: { type: 'boolean', default: false },
      walls: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  })
  const { quick } = values
  const seconds = positive('--seconds', values.seconds, quick ? 2 : 6)
  return {
    rounds: positive('--rounds', values.rounds, quick ? 1 : 5),
    warmUpMs: quick ? 1_000 : 4_000, // until all is compiled, and every customer has its buckets
    measureMs: seconds * 1_000,
    storedRows: positive('--stored', values.stored, quick ? 100 : 1_000) * 10_000,
    only: values.only ?? null,
    billing: values.billing === undefined ? null : positive('--billing', values.billing, 1),
    access: values.access,
    agents: values.agents,
    dashboard: values.dashboard ? (quick ? 200 : 10_000) : null,
    walls: values.walls,
    isQuick: quick,
    save: values.save,
    floors: values.floors,
  }
}

function positive(flag: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text)
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${flag} takes a whole number`)
  return value
}

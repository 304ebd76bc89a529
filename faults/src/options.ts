import { parseArgs } from 'node:util'
import { FRAMEWORKS, type Framework } from './agents/hosts.ts'
import { FAULTS, type ServerFault } from './agents/server-faults.ts'

/** What a run is to do. */
export type Options = {
  readonly seed: string
  readonly mode: Mode
  readonly rounds: number
  readonly events: number
  readonly servers: number
  readonly workers: number
  readonly isSingle: boolean
  readonly keys: number
  readonly senders: number
  readonly races: number
  readonly trials: number
  readonly seconds: number
  /** Null for all. */
  readonly framework: Framework | null
  readonly fault: ServerFault | null
  /** Null for as many as the size says. */
  readonly requests: number | null
  readonly perSecond: number | null
  readonly isFull: boolean
  /** Figures with a limit are told, but do not fail the run. */
  readonly isUntimed: boolean
  readonly defect: string | null
  readonly program: string | null
  readonly folder: string | null
  readonly keep: boolean
}

export const MODES = [
  'rounds',
  'terminate',
  'commit',
  'half-open',
  'storm',
  'holds',
  'zombie',
  'agents',
  'limits',
  'stripe',
  'stripe-usage',
  'all',
] as const
export type Mode = (typeof MODES)[number]

export const USAGE = `npm run faults -- [options]

  --seed TEXT        every random choice comes from it (default: 1)
  --mode MODE        ${MODES.join(' | ')} (default: rounds)
  --rounds N         kills (default: 20)
  --events N         events over all rounds, at least (default: 120000)
  --servers N        processes that answer (default: 1; storm: 3, holds: 2)
  --workers N        processes that work (default: 1)
  --single           one process for everything, on its own PostgreSQL
  --keys N           storm: keys, each raced for (default: 2000)
  --senders N        storm: concurrent senders of each key; holds: clients (default: 64)
  --races N          holds: how many, on one balance (default: 1000)
  --trials N         commit: cuts at each of the five points (default: 40)
  --seconds N        terminate, half-open: how long (default: 20)
  --framework NAME   agents, limits: ${FRAMEWORKS.join(' | ')} (default: all; limits: express)
  --fault NAME       agents: ${FAULTS.slice(0, 6).join(' | ')} |
                     ${FAULTS.slice(6).join(' | ')} (default: all)
  --requests N       agents: of each host under each fault (default: as the size says)
  --per-second N     agents, limits: how often hosts are asked
  --full             agents: the full size, one fault after the other; stripe: 1,000 invoices;
                     stripe-usage: 100,000 events
  --untimed          tell figures with a limit, but do not fail for them: for a machine that is busy
  --defect NAME      break the product first: the run must fail (see faults/defects)
  --program FILE     another build of the server than the one of npm run build
  --folder PATH      where to work (default: a folder that is removed after success)
  --keep             keep the folder after success, too`

const SERVERS: Partial<Record<Mode, string>> = { storm: '3', holds: '2' }

/** Reads the command line. Throws with a sentence for people. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string', default: '1' },
      mode: { type: 'string', default: 'rounds' },
      rounds: { type: 'string', default: '20' },
      events: { type: 'string', default: '120000' },
      servers: { type: 'string' },
      workers: { type: 'string', default: '1' },
      single: { type: 'boolean', default: false },
      keys: { type: 'string', default: '2000' },
      senders: { type: 'string', default: '64' },
      races: { type: 'string', default: '1000' },
      trials: { type: 'string', default: '40' },
      seconds: { type: 'string', default: '20' },
      framework: { type: 'string' },
      fault: { type: 'string' },
      requests: { type: 'string' },
      'per-second': { type: 'string' },
      full: { type: 'boolean', default: false },
      untimed: { type: 'boolean', default: false },
      defect: { type: 'string' },
      program: { type: 'string' },
      folder: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  })
  const mode = oneOf('mode', MODES, values.mode)
  return {
    seed: values.seed,
    mode,
    rounds: count('rounds', values.rounds),
    events: count('events', values.events),
    servers: count('servers', values.servers ?? SERVERS[mode] ?? '1'),
    workers: count('workers', values.workers),
    isSingle: values.single,
    keys: count('keys', values.keys),
    senders: count('senders', values.senders),
    races: count('races', values.races),
    trials: count('trials', values.trials),
    seconds: count('seconds', values.seconds),
    framework:
      values.framework === undefined ? null : oneOf('framework', FRAMEWORKS, values.framework),
    fault: values.fault === undefined ? null : oneOf('fault', FAULTS, values.fault),
    requests: optionalCount('requests', values.requests),
    perSecond: optionalCount('per-second', values['per-second']),
    isFull: values.full,
    isUntimed: values.untimed,
    defect: values.defect ?? null,
    program: values.program ?? null,
    folder: values.folder ?? null,
    keep: values.keep,
  }
}

function oneOf<T extends string>(name: string, known: readonly T[], text: string): T {
  const found = known.find((one) => one === text)
  if (found === undefined) throw new Error(`--${name} is one of ${known.join(', ')}`)
  return found
}

function optionalCount(name: string, text: string | undefined): number | null {
  return text === undefined ? null : count(name, text)
}

function count(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 10_000_000)
    throw new Error(`--${name} takes a whole number from 1 on`)
  return number
}

import { failAgents } from './agents/corpus.ts'
import { shareLimits } from './agents/limits.ts'
import { cutCommits } from './commit-trials.ts'
import { halfOpen } from './half-open.ts'
import { raceForHolds } from './holds.ts'
import { killAnywhere } from './kill-anywhere.ts'
import type { Mode, Options } from './options.ts'
import type { Random } from './random.ts'
import type { Finding } from './report.ts'
import { storm } from './storm.ts'
import { collectByStripe } from './stripe.ts'
import { tellStripe } from './stripe-usage.ts'
import { terminateConnections } from './terminate.ts'
import { wakeTheDead } from './zombies.ts'

/** What a scenario works with. */
export type Setting = Omit<Options, 'folder' | 'program'> & {
  readonly folder: string
  readonly program: string
  readonly random: Random
}

/** Hurts the product in one way and says what it found. */
export type Scenario = (setting: Setting) => Promise<Finding[]>

const SCENARIOS: Readonly<Record<Exclude<Mode, 'all'>, Scenario>> = {
  rounds: killAnywhere,
  terminate: terminateConnections,
  commit: cutCommits,
  'half-open': halfOpen,
  storm,
  holds: raceForHolds,
  zombie: wakeTheDead,
  agents: failAgents,
  limits: shareLimits,
  stripe: collectByStripe,
  'stripe-usage': tellStripe,
}

export function scenariosOf(mode: Mode): (readonly [string, Scenario])[] {
  return mode === 'all' ? Object.entries(SCENARIOS) : [[mode, SCENARIOS[mode]]]
}

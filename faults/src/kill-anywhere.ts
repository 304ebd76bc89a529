import { atLeast, atMost, type Finding, none, printTable, seconds } from './report.ts'
import { FIRST_SUCCESS_MS_MAX, READY_MS_MAX, type Round, runRounds, type Victim } from './rounds.ts'
import type { Setting } from './scenarios.ts'
import { percent, type UnderLoad, underLoad } from './under-load.ts'

const REPEATS_SHARE_MIN = 0.22
const CONFLICTS_SHARE_MIN = 0.04

/** Kills every kind of process under load, again and again, and then counts everything. */
export function killAnywhere(setting: Setting): Promise<Finding[]> {
  return underLoad(setting, { hasProxy: false }, async (parts) => {
    const plan = { ...setting, random: setting.random.fork('rounds') }
    const { rounds, frozen, lateClocks } = await runRounds(parts, plan, tellRound)
    printKills(rounds, frozen)
    return [...findingsOf(setting, rounds, parts), none('clocks that did not arrive', lateClocks)]
  })
}

function tellRound(round: Round, number: number): void {
  const { victim, inFlight, readyMs, acceptMs, firstSuccessMs } = round
  const back =
    readyMs === null
      ? `PostgreSQL accepts after ${seconds(acceptMs ?? 0)}`
      : `ready after ${seconds(readyMs)}`
  console.log(
    `  ${String(number).padStart(3)} kill -9 ${victim.padEnd(10)} ${String(inFlight).padStart(3)} in flight, ${back}, first 2xx after ${seconds(firstSuccessMs)}`,
  )
}

function findingsOf(setting: Setting, rounds: readonly Round[], { load }: UnderLoad): Finding[] {
  const { events, repeats, conflicts } = load.tally
  const readyMs = rounds.flatMap((round) => (round.readyMs === null ? [] : [round.readyMs]))
  const afterPostgres = rounds
    .filter(({ acceptMs }) => acceptMs !== null)
    .map(({ firstSuccessMs }) => firstSuccessMs)
  const idle = rounds.filter(({ inFlight }) => inFlight === 0).map(({ victim }) => victim)
  return [
    atLeast('events', events, Math.floor(setting.events * 0.95)),
    share('repeats', repeats / events, REPEATS_SHARE_MIN),
    share('conflicting', conflicts / events, CONFLICTS_SHARE_MIN),
    none('kills with nothing in flight', idle, `${rounds.length}`),
    atMost('killed process ready again', readyMs, READY_MS_MAX),
    atMost('first 2xx after PostgreSQL accepts', afterPostgres, FIRST_SUCCESS_MS_MAX),
  ]
}

function share(name: string, is: number, atLeastShare: number): Finding {
  return { name, said: percent(is), holds: is >= atLeastShare, examples: [] }
}

function printKills(rounds: readonly Round[], frozen: number): void {
  const kinds: Victim[] = ['server', 'worker', 'backend', 'postmaster']
  const rows = kinds.map((kind) => {
    const of = rounds.filter(({ victim }) => victim === kind)
    const inFlight = of.reduce((sum, round) => sum + round.inFlight, 0)
    return [kind, `${of.length} times, ${inFlight} requests in flight`] as const
  })
  printTable('Killed', [
    ...rows,
    ['and frozen', `${frozen} transactions in the middle of storing events`],
  ])
}

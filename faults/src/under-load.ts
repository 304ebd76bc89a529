import path from 'node:path'
import { type Arena, openArena } from './arena.ts'
import { dropUniqueConstraint, NO_UNIQUE_CONSTRAINT } from './defects.ts'
import { dumpTables } from './dump.ts'
import { type Load, startLoad } from './load.ts'
import { startReceiver } from './receiver.ts'
import { type Finding, none, printTable, reconcile } from './report.ts'
import type { Setting } from './scenarios.ts'
import { askUsage, settle } from './settle.ts'
import { buildWorld, describeWorld, type World } from './world.ts'

/** A running installation with clients that send to it. */
export type UnderLoad = { readonly arena: Arena; readonly world: World; readonly load: Load }

/**
 * Makes trouble while clients send, then lets everything come to rest and compares what was sent and
 * answered with what is stored, folded, billed and told.
 */
export async function underLoad(
  setting: Setting,
  { hasProxy }: { hasProxy: boolean },
  trouble: (parts: UnderLoad) => Promise<Finding[]>,
): Promise<Finding[]> {
  const { folder, random } = setting
  const arena = await openArena({ ...setting, hasProxy })
  const receiver = await startReceiver(
    path.join(folder, 'webhooks.ndjson'),
    random.fork('receiver'),
  )
  try {
    const setup = { targets: arena.targets, receiver, random: random.fork('world') }
    const world = await buildWorld(arena.product, setup)
    if (setting.defect === NO_UNIQUE_CONSTRAINT) await dropUniqueConstraint(arena.database)
    const load = startLoad(arena, world, random.fork('load'))
    const troubled = await trouble({ arena, world, load })
    await load.stop()
    receiver.behave()
    const left = await settle(arena, world)
    const { findings, counts } = await compare(arena, world, setting)
    const { failedOnPurpose, forged } = receiver.counts()
    printSummary(load, { ...counts, 'webhooks failed on purpose': failedOnPurpose })
    const { wrong, attempts } = load.tally
    return [
      ...troubled,
      none('answers that no fault excuses', wrong, `${attempts}`),
      none('came to rest', left),
      none('webhooks whose signature does not verify', Array<string>(forged).fill('forged')),
      ...findings,
      ...(await endFindings(arena)),
    ]
  } finally {
    await arena.close()
    await receiver.close()
  }
}

async function compare(arena: Arena, world: World, { folder, random }: Setting) {
  await askUsage(arena, world, random.fork('questions'))
  describeWorld(folder, world)
  const client = await arena.database.connect()
  await dumpTables(client, folder)
  await client.end()
  return reconcile(folder)
}

/** Nothing may end unless it is killed or asked, and what is asked must end in good order. */
export async function endFindings(arena: Arena): Promise<Finding[]> {
  const badEnds = await arena.stopProcesses()
  const selfExits = arena.selfExits.map(
    ({ name, how, at }) => `${name}: ${how} at ${new Date(at).toISOString()}`,
  )
  return [
    none('processes that ended by themselves', selfExits),
    none('processes that did not end when asked', badEnds),
  ]
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function printSummary({ tally }: Load, counts: Readonly<Record<string, number>>): void {
  const { events, repeats, conflicts, withoutTimestamp, requests, attempts } = tally
  const answers = [...tally.answers].sort(([, a], [, b]) => b - a)
  printTable('Did', [
    ['requests', `${requests}, sent ${attempts} times`],
    ['events', `${events}, of them ${withoutTimestamp} without a time`],
    ['repeats', `${repeats} (${percent(repeats / events)})`],
    ['conflicting', `${conflicts} (${percent(conflicts / events)})`],
    ['answered', `${tally.recorded} new, ${tally.duplicate} duplicate, ${tally.refused} refused`],
    ['replies', answers.map(([what, times]) => `${times} × ${what}`).join(', ')],
    ...Object.entries(counts).map(([name, count]) => [name, String(count)] as const),
  ])
}

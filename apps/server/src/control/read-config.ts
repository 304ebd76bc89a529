import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { createGate } from '../platform/gate.ts'
import type { Application } from './application.ts'
import { selectBlocksAt } from './blocks.store.ts'
import type { Config } from './config.ts'
import { selectPoliciesFor } from './policies.store.ts'
import { seeApplication } from './see-application.ts'
import { selectStrategiesById } from './strategies.store.ts'
import { selectVersions } from './versions.store.ts'

const AT_ONCE = 4 // of 16 connections: all SDKs ask together after every change, and leave the rest to the others

export type ConfigReader = {
  /** The application of this name, which exists from now on, and how often what holds was changed. */
  see(
    envId: number,
    name: string,
  ): Promise<{ readonly application: Application; readonly version: number }>
  /** What holds for the application, at `version` or later. */
  read(envId: number, application: Application, version: number): Promise<Config>
}

/** Reads once for all who ask for the same at the same moment. */
export function createConfigReader({ db, clock }: { db: Database; clock: Clock }): ConfigReader {
  const gate = createGate(AT_ONCE)
  const underWay = new Map<string, Promise<Config>>()
  return {
    see: (envId, name) =>
      gate(() =>
        db.inTransaction(async (tx) => ({
          application: await seeApplication(tx, envId, name, clock()),
          version: await currentVersion(tx, envId),
        })),
      ),

    read(envId, application, version) {
      const asked = `${envId} ${application.id} ${version}`
      const reading =
        underWay.get(asked) ??
        gate(() => atOnce(db, (tx) => readConfig(tx, envId, application, clock()))).finally(() =>
          underWay.delete(asked),
        )
      underWay.set(asked, reading)
      return reading
    },
  }
}

/** In one instant: policies of one version with strategies of another never held. */
function atOnce<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.kysely.transaction().setIsolationLevel('repeatable read').execute(work)
}

async function readConfig(
  tx: Tx,
  envId: number,
  { id, name }: Application,
  systemNow: Date,
): Promise<Config> {
  const policies = await selectPoliciesFor(tx, envId, name)
  const named = policies.flatMap(({ strategyId }) => (strategyId === null ? [] : [strategyId]))
  return {
    version: await currentVersion(tx, envId),
    now: systemNow,
    application: { id, name },
    strategies: await selectStrategiesById(tx, envId, [...new Set(named)]),
    policies,
    blocks: await selectBlocksAt(tx, envId, systemNow),
  }
}

async function currentVersion(tx: Tx, envId: number): Promise<number> {
  return (await selectVersions(tx, [envId])).get(envId) ?? 0
}

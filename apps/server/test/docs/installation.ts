import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { openApp } from '../../src/app.ts'
import { makeAccount } from '../../src/cli/demo/account.ts'
import { openGround } from '../../src/cli/ground.ts'
import { readConfig } from '../../src/config.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { silentLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { createSealer, sessionSecretsOf } from '../../src/platform/secrets/seal.ts'

/** A server on a data folder of its own. */
export type Installation = {
  readonly url: string
  readonly dataFolder: string
  firstOwnerToken(): Promise<string>
  /** An organization, the key of its test environment, and the time at which that starts. */
  makeOrganization(name: string, testClock: Date): Promise<{ organizationId: string; key: string }>
  stop(): Promise<void>
}

export async function install(): Promise<Installation> {
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-guide-'))
  const config = {
    ...readConfig({ USAGEFLOW_DATA: dataFolder }),
    ...{ databaseUrl: null, encryptionKey: null },
  }
  const ground = await openGround(config, silentLog(), false)
  const app = await openApp({
    ...{ url: ground.url, databaseRole: ground.role, role: 'all' },
    sealer: createSealer(...ground.encryptionKeys),
    sessionSecrets: sessionSecretsOf(ground.encryptionKeys),
    ...{ publicUrl: null, signUp: 'closed', mailServer: null },
    webhookNetworks: ['127.0.0.1/32'],
    ...{ clock: systemClock, log: silentLog(), metrics: createMetrics(), random: Math.random },
  })
  const url = await app.listen('127.0.0.1', 0)
  const token = await app.firstStartToken()
  return {
    ...{ url, dataFolder },
    firstOwnerToken: async () => token ?? 'none',
    makeOrganization: (name, testClock) => makeAccount(ground, name, testClock),
    async stop() {
      await app.stop()
      await ground.close()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

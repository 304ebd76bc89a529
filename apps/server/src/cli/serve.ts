import { openApp, type Role } from '../app.ts'
import type { Config } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { openLog } from '../platform/log.ts'
import { createMetrics, serveMetrics } from '../platform/metrics.ts'
import { createSealer } from '../platform/secrets/seal.ts'
import { openGround } from './ground.ts'
import { say } from './print.ts'

const STOP_MS_MAX = 10_000 // whoever stopped us will kill us soon after

/** Serves until SIGTERM or SIGINT, then finishes what is under way and ends. */
export async function serve(config: Config, role: Role): Promise<void> {
  const log = openLog(config.logLevel)
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'ending: an error that nobody handled')
    process.exit(1) // a supervisor starts us again; going on would mean going on in an unknown state
  })
  const ground = await openGround(config, log, role === 'worker') // a worker may stand on the PostgreSQL of the API beside it
  if (config.webhookNetworks.length > 0)
    log.warn(
      { networks: config.webhookNetworks },
      'webhooks may reach these networks although they are not public',
    )
  const metrics = createMetrics()
  const app = await openApp({
    url: ground.url,
    databaseRole: ground.role,
    sealer: createSealer(ground.encryptionKey),
    role,
    webhookNetworks: config.webhookNetworks,
    clock: systemClock,
    log,
    metrics,
    random: Math.random,
  })
  const closeMetrics =
    config.metricsPort === null
      ? async () => {}
      : await serveMetrics(metrics, config.host, config.metricsPort)
  if (role !== 'worker') {
    const address = await app.listen(config.host, config.port)
    log.info({ address, role }, 'UsageFlow listens')
  } else log.info({ role }, 'UsageFlow works')
  await stopSignal()
  log.info('stopping')
  const deadline = setTimeout(() => {
    log.error('could not stop in time')
    process.exit(1)
  }, STOP_MS_MAX)
  await app.stop()
  await closeMetrics()
  await ground.close()
  clearTimeout(deadline)
  log.info('stopped')
}

/** Brings the database up to date and ends. */
export async function migrateOnly(config: Config): Promise<void> {
  const ground = await openGround(config, openLog(config.logLevel), true)
  await ground.close()
  say('The database is up to date.')
}

/** Resolves at the first SIGTERM or SIGINT. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}

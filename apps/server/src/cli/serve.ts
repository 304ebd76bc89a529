import { type App, openApp, type Role } from '../app.ts'
import type { Config } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { type Logger, openLog } from '../platform/log.ts'
import { createMetrics, serveMetrics } from '../platform/metrics.ts'
import { createSealer, sessionSecretsOf } from '../platform/secrets/seal.ts'
import { type Ground, openGround } from './ground.ts'
import { say } from './print.ts'

const STOP_MS_MAX = 9_000

/** Serves until SIGTERM or SIGINT, then finishes what is under way and ends. */
export async function serve(config: Config, role: Role): Promise<void> {
  const log = openLog(config.logLevel)
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'ending: an error that nobody handled')
    process.exit(1) // a supervisor starts us again; going on would mean going on in an unknown state
  })
  const ground = await openGround(config, log, role === 'worker') // a worker may stand on the PostgreSQL of the API beside it
  try {
    await serveOn(ground, { config, role, log })
  } finally {
    await ground.close()
  }
  log.info('stopped')
}

async function serveOn(
  ground: Ground,
  { config, role, log }: { config: Config; role: Role; log: Logger },
): Promise<void> {
  if (config.webhookNetworks.length > 0)
    log.warn(
      { networks: config.webhookNetworks },
      'webhooks may reach these networks although they are not public',
    )
  const metrics = createMetrics()
  const app = await openApp({
    url: ground.url,
    databaseRole: ground.role,
    sealer: createSealer(...ground.encryptionKeys),
    sessionSecrets: sessionSecretsOf(ground.encryptionKeys),
    publicUrl: config.publicUrl,
    signUp: config.signUp,
    deletionGraceDays: config.deletionGraceDays,
    mailServer: config.mailServer,
    role,
    webhookNetworks: config.webhookNetworks,
    trustedProxies: config.trustedProxies,
    stripeUrl: config.stripeUrl,
    clock: systemClock,
    log,
    metrics,
    random: Math.random,
  })
  let closeMetrics = async (): Promise<void> => {}
  try {
    if (config.metricsPort !== null)
      closeMetrics = await serveMetrics(metrics, config.host, config.metricsPort)
    const address = role === 'worker' ? null : await app.listen(config.host, config.port)
    log.info({ address, role }, address === null ? 'UsageFlow works' : 'UsageFlow listens')
    if (address !== null) await tellFirstOwnerToken(app, log)
    await stopSignal()
    log.info('stopping')
  } finally {
    endAnyway(log)
    await app.stop()
    await closeMetrics()
  }
}

/**
 * Once in the life of an installation; `usageflow first-owner` makes another while nobody has an account. A server
 * that could not make one serves all the same.
 */
export async function tellFirstOwnerToken(
  app: Pick<App, 'firstStartToken'>,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<void> {
  try {
    const firstOwnerToken = await app.firstStartToken()
    if (firstOwnerToken === null) return
    log.info(
      { firstOwnerToken },
      'the first account takes this token, shown here for the only time',
    )
  } catch (err) {
    log.warn({ err }, 'could not make the token for a first account: `usageflow first-owner` does')
  }
}

/** Whoever stopped us will kill us soon after: what cannot be finished by then is taken up by others. */
function endAnyway(log: Logger): void {
  setTimeout(() => {
    log.error('could not stop in time')
    process.exit(1)
  }, STOP_MS_MAX).unref()
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

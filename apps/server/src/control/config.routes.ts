import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { SECURITY_HEADERS, sendError, sendJson } from '../platform/http/answer.ts'
import { type Authenticate, assertMay } from '../platform/http/caller.ts'
import { instantText } from '../platform/http/fields.ts'
import { failures as requestFailures } from '../platform/http/request-failures.ts'
import { type RawContext, type RawRoute, rawRoute } from '../platform/http/route.ts'
import { BLOCK_KINDS } from './block.ts'
import type { ChangeWatch } from './change-watch.ts'
import { type Config, etagOf, isHeld } from './config.ts'
import { tag } from './control-fields.ts'
import { compileRule, type MeteringRule, STATUS_CLASSES } from './metering-rule.ts'
import { applicationField, limitReply } from './policies.routes.ts'
import { MODES, WITHOUT_ANSWER } from './policy.ts'
import { type ConfigReader, createConfigReader } from './read-config.ts'
import { sourceField } from './strategies.routes.ts'

const SCOPE = 'control:report'
const WAIT_S_MAX = 25 // proxies give up on a silent connection after half a minute

export type ConfigDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly authenticate: Authenticate
  readonly changes: ChangeWatch
}

const query = z.strictObject({
  application: applicationField,
  wait: z
    .string()
    .regex(/^\d{1,2}$/, 'send a whole number of seconds')
    .transform(Number)
    .pipe(z.int().max(WAIT_S_MAX))
    .default(0)
    .meta({
      type: 'integer',
      minimum: 0,
      maximum: WAIT_S_MAX,
      description:
        'Seconds to wait until something else holds than what `If-None-Match` names; 0 when left out',
    }),
})

const configReply = z
  .object({
    version: z.number(),
    now: instantText.meta({ description: 'Real time: a block is over when its `until` has come' }),
    application: z.object({ id: z.string(), name: z.string() }),
    strategies: z.array(z.object({ id: z.string(), sources: z.array(sourceField) })),
    policies: z.array(
      z.object({
        ...{ id: z.string(), key: z.string() },
        ...{ method: z.string(), url: z.string(), priority: z.number() },
        strategyId: z.string().nullable(),
        mode: z.enum(MODES).exclude(['off']),
        ...{ withoutAnswer: z.enum(WITHOUT_ANSWER), deadlineMs: z.number() },
        limits: z.array(limitReply),
        metering: z.array(
          z.object({
            ...{ id: z.string(), event: z.string() },
            when: z.array(z.enum(STATUS_CLASSES)),
            captures: z
              .array(z.string())
              .meta({ description: 'JSON pointers to what its expression reads' }),
            isSummable: z
              .boolean()
              .meta({ description: 'Requests may be counted together and come to the same' }),
          }),
        ),
      }),
    ),
    blocks: z.array(
      z.object({ kind: z.enum(BLOCK_KINDS), id: z.string(), until: instantText.nullable() }),
    ),
  })
  .meta({ id: 'ControlConfig' })

/** `GET /api/v1/control/config`: all that an SDK has to know, as soon as something else holds. */
export function configRoute(deps: ConfigDeps): RawRoute {
  const reader = createConfigReader(deps)
  return rawRoute({
    method: 'GET',
    path: '/api/v1/control/config',
    tag,
    summary: 'What holds for an application',
    description:
      'For the packages in your applications. Policies of the application and of all, the strategies they name, and blocks. With the `ETag` of the last answer as `If-None-Match` it answers 304, or as soon as something else holds, at most `wait` seconds later. The application exists from then on.',
    scope: SCOPE,
    isHot: false,
    query,
    replies: { 200: configReply, 304: z.string().meta({ description: 'What you have holds' }) },
    handleRaw(request, response, context) {
      answer({ ...deps, reader }, request, response, context).catch((error) =>
        sendError(response, error, context),
      )
    },
  })
}

/** Holds no connection of the database while it waits. */
async function answer(
  { reader, changes, authenticate }: ConfigDeps & { readonly reader: ConfigReader },
  request: IncomingMessage,
  response: ServerResponse,
  { caller, query: sent, requestId }: RawContext,
): Promise<void> {
  if (!caller) throw new Error('a route that is not hot has a caller')
  const { envId } = caller
  const { application: name, wait } = readQuery(sent)
  let { application, version } = await reader.see(envId, name)
  const ifNoneMatch = request.headers['if-none-match']
  if (isHeld(ifNoneMatch, etagOf(version, application))) {
    const end = await changes.until({ envId, version }, wait * 1_000, response)
    if (end.why === 'gone') return
    assertMay(await authenticate(request), SCOPE) // the key may have been revoked meanwhile
    if (end.why === 'over') return sendHeld(response, etagOf(version, application), requestId)
    version = end.version
  }
  const config = await reader.read(envId, application, version)
  const etag = etagOf(config.version, application)
  sendJson(response, 200, toReply(config), { etag, 'x-request-id': requestId })
}

function sendHeld(response: ServerResponse, etag: string, requestId: string): void {
  response.writeHead(304, { ...SECURITY_HEADERS, etag, 'x-request-id': requestId })
  response.end()
}

function readQuery(sent: unknown): z.output<typeof query> {
  const { success, data, error } = query.safeParse(sent)
  if (success) return data
  throw requestFailures.malformed(
    error.issues.map(({ path, message }) => ({ instancePath: `/${path.join('/')}`, message })),
  )
}

function toReply(config: Config): z.input<typeof configReply> {
  const { version, now, application, strategies, policies, blocks } = config
  return z.encode(configReply, {
    ...{ version, now: now.toISOString(), application },
    strategies: strategies.map(({ id, sources }) => ({ id, sources: [...sources] })),
    policies: policies.map(({ mode, limits, metering, ...policy }) => ({
      ...policy,
      mode: mode === 'shadow' ? ('shadow' as const) : ('enforce' as const),
      limits: [...limits],
      metering: metering.map(measuredBy),
    })),
    blocks: blocks.map(({ blocked, until }) => ({
      ...blocked,
      until: until?.toISOString() ?? null,
    })),
  })
}

/** What an SDK has to do for a rule. The expression is evaluated here, by one evaluator for all. */
function measuredBy(rule: MeteringRule) {
  const { id, event, captures, isSummable } = compileRule(rule)
  return { id, event, when: [...rule.when], captures: [...captures], isSummable }
}

import { z } from 'zod'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { instantText, pageOf, pageQuery } from '../platform/http/fields.ts'
import { decodeCursor, failures as pageFailures, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { Application } from './application.ts'
import { failures } from './application-failures.ts'
import { selectApplication, selectApplicationPage } from './applications.store.ts'
import { tag } from './control-fields.ts'
import { applicationField } from './policies.routes.ts'
import { selectProcesses, selectRunning } from './reports/producers.store.ts'

/** A process without anything to tell reports once a minute; one that is silent for longer than this has ended or is cut off. */
const RUNNING_MS = 180_000

const PROCESSES_MAX = 100

const applicationReply = z
  .object({
    id: z.string(),
    name: z.string(),
    firstSeenAt: instantText,
    lastSeenAt: instantText.meta({ description: 'To the minute' }),
    processes: z.number().meta({ description: 'That have reported within the last 3 minutes' }),
    agents: z.array(z.string()).meta({
      description: 'What runs in these processes, up to 10',
      example: ['express/0.1.0 node/20.19.1'],
    }),
  })
  .meta({ id: 'Application' })

const usageReply = z
  .object({
    produced: z.number(),
    delivered: z.number(),
    queued: z.number(),
    refused: z.number(),
    dropped: z.number(),
  })
  .nullable()
  .meta({ description: 'What became of usage since the process began; null: not told' })

const processReply = z
  .object({
    producer: z.string().meta({ description: 'The random name of the process' }),
    agent: z.string(),
    firstReportedAt: instantText,
    lastReportedAt: instantText,
    missed: z.number().meta({ description: 'Reports that never came' }),
    leftOut: z.number().meta({ description: 'Rows of reports that count for nothing' }),
    usage: usageReply,
  })
  .meta({ id: 'ApplicationProcess' })

const params = z.object({ applicationName: applicationField })

/** The services that have asked what holds for them. */
export function applicationsRoutes(): Route[] {
  return [listRoute(), readRoute(), processesRoute()]
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/applications',
    tag,
    summary: 'List applications',
    description: 'One is made when a package in it first asks what holds for it.',
    scope: 'control:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(applicationReply) },
    failures: [pageFailures.cursorMalformed],
    async handle({ tx, caller, query, systemNow }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? '') : ''
      const wanted = { limit: query.limit + 1, after }
      const rows = await selectApplicationPage(tx, caller.envId, wanted)
      const page = pageFrom(rows, query.limit, ({ name }) => [name])
      const data = await toReplies(tx, caller.envId, page.data, systemNow)
      return { status: 200, body: { ...page, data } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/applications/:applicationName',
    tag,
    summary: 'Read an application',
    scope: 'control:read',
    params,
    replies: { 200: applicationReply },
    failures: [failures.unknown],
    async handle({ tx, caller, params, systemNow }) {
      const application = await getApplication(tx, caller.envId, params.applicationName)
      const [body] = await toReplies(tx, caller.envId, [application], systemNow)
      invariant(body !== undefined, 'each application has a reply')
      return { status: 200, body }
    },
  })
}

function processesRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/applications/:applicationName/processes',
    tag,
    summary: 'Read which processes of an application report',
    description: `Of the last 7 days, those that reported last first, ${PROCESSES_MAX} at most.`,
    scope: 'control:read',
    params,
    replies: {
      200: z.object({ data: z.array(processReply) }).meta({ id: 'ApplicationProcesses' }),
    },
    failures: [failures.unknown],
    async handle({ tx, caller, params }) {
      const { name } = await getApplication(tx, caller.envId, params.applicationName)
      const processes = await selectProcesses(tx, caller.envId, name, PROCESSES_MAX)
      const data = processes.map(({ firstReportedAt, lastReportedAt, ...process }) => ({
        ...process,
        firstReportedAt: firstReportedAt.toISOString(),
        lastReportedAt: lastReportedAt.toISOString(),
      }))
      return { status: 200, body: { data } }
    },
  })
}

async function getApplication(tx: Tx, envId: number, name: string): Promise<Application> {
  const application = await selectApplication(tx, envId, name)
  if (!application) throw failures.unknown(name)
  return application
}

async function toReplies(
  tx: Tx,
  envId: number,
  applications: readonly Application[],
  systemNow: Date,
): Promise<z.input<typeof applicationReply>[]> {
  const names = applications.map(({ name }) => name)
  const since = new Date(systemNow.getTime() - RUNNING_MS)
  const running = new Map(
    (await selectRunning(tx, envId, names, since)).map((each) => [each.application, each]),
  )
  return applications.map(({ firstSeenAt, lastSeenAt, ...application }) => ({
    ...application,
    firstSeenAt: firstSeenAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    processes: running.get(application.name)?.processes ?? 0,
    agents: running.get(application.name)?.agents ?? [],
  }))
}
